import { expect, it } from 'vitest';
import { colourIndex, pixelTable } from './colourScale';
import { paintHatching, paintOverlay } from './paintOverlay';

it('colours values from the threshold on, and leaves clear what is below, outside or not estimated', () => {
  const out = new Uint32Array(6);
  const drawing = { threshold: 5, upper: 20, opacity: 0.5 };
  paintOverlay(Float32Array.of(4.9, 5, 12, 30, Number.NaN, 0), drawing, out);
  const table = pixelTable(0.5);
  const colour = (value: number) => table[colourIndex(value, 20)];
  expect([...out]).toEqual([0, colour(5), colour(12), colour(20), 0, 0]);
});

it('shows no estimate of 0, whatever the threshold', () => {
  const out = new Uint32Array(2);
  paintOverlay(Float32Array.of(0, 0.1), { threshold: 0, upper: 10, opacity: 1 }, out);
  expect(out[0]).toBe(0);
  expect(out[1]).not.toBe(0);
});

it('hatches the region by diagonal lines, over the colours and nowhere else', () => {
  const width = 40;
  const inside = new Float32Array(width * width);
  for (let i = 0; i < inside.length; i++)
    inside[i] = i % width < 20 ? 1 : i % width === 20 ? Number.NaN : 0.2;
  const out = new Uint32Array(inside.length).fill(7);
  expect(paintHatching(inside, width, out)).toBe(true);
  const changed = [...out.keys()].filter(i => out[i] !== 7);
  expect(changed.every(i => i % width < 20)).toBe(true);
  const share = changed.length / (20 * width);
  expect(share).toBeGreaterThan(0.2);
  expect(share).toBeLessThan(0.5);
  expect(paintHatching(new Float32Array(inside.length).fill(0.4), width, out)).toBe(false);
  // One row is the row above it, moved by a pixel.
  for (let x = 0; x < 19; x++) expect(out[width + x]).toBe(out[x + 1]);
});
