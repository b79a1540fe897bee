import { expect, it } from 'vitest';
import { contourLines } from './contourLines';

/** Samples of a function on a square. */
function samples(size: number, f: (x: number, y: number) => number): Float32Array {
  return Float32Array.from({ length: size * size }, (_, i) => f(i % size, Math.floor(i / size)));
}

/** Segments as pairs of points. */
function segments(lines: number[]): [number, number][][] {
  const found: [number, number][][] = [];
  for (let n = 0; n < lines.length; n += 4)
    found.push([
      [lines[n], lines[n + 1]],
      [lines[n + 2], lines[n + 3]],
    ]);
  return found;
}

const distance = ([x, y]: [number, number]) => Math.hypot(x - 20.3, y - 19.6);

it('follows a circle: every point lies on it, and the length is its circumference', () => {
  const cone = samples(41, (x, y) => 30 - distance([x, y]));
  const found = segments(contourLines(cone, 41, 18));
  for (const point of found.flat()) expect(distance(point)).toBeCloseTo(12, 1);
  const length = found.reduce((sum, [a, b]) => sum + Math.hypot(a[0] - b[0], a[1] - b[1]), 0);
  expect(length / (2 * Math.PI * 12)).toBeCloseTo(1, 2);
});

it('is closed: every end of a segment is the end of another', () => {
  const hills = samples(41, (x, y) => Math.sin(x / 3) * Math.cos(y / 4) - Math.hypot(x - 20, y - 20) / 12);
  const ends = new Map<string, number>();
  for (const point of segments(contourLines(hills, 41, 0.1)).flat()) {
    const key = point.map(v => v.toFixed(4)).join();
    ends.set(key, (ends.get(key) ?? 0) + 1);
  }
  expect(ends.size).toBeGreaterThan(30);
  expect([...ends.values()].every(count => count % 2 === 0)).toBe(true);
});

it('has no line where nothing crosses the level, nor beside what is unknown', () => {
  expect(
    contourLines(
      samples(8, () => 3),
      8,
      5,
    ),
  ).toEqual([]);
  expect(
    contourLines(
      samples(8, () => 7),
      8,
      5,
    ),
  ).toEqual([]);
  expect(
    contourLines(
      samples(8, x => (x < 4 ? 7 : Number.NaN)),
      8,
      5,
    ),
  ).toEqual([]);
});
