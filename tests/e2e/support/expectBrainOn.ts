import { expect } from '@playwright/test';
import type { SynthesisPage } from './SynthesisPage';

/** Expects a synthetic series to lie on its reference's grid and to hold an adult's brain. */
export async function expectBrainOn(app: SynthesisPage, made: string, reference: string): Promise<void> {
  const [a, b] = [await app.readSeries(made), await app.readSeries(reference)];
  expect(a.positions).toEqual(b.positions);
  expect(a.orientation).toEqual(b.orientation);
  expect(a.spacing).toEqual(b.spacing);
  expect(a.size).toEqual(b.size);
  let inside = 0;
  for (const v of a.pixels) if (v > 0) inside++;
  const [si, sj] = a.spacing;
  const thickness = Math.hypot(...a.positions[1].map((v, r) => v - a.positions[0][r]));
  const brain = (inside * si * sj * thickness) / 1000;
  expect(brain, 'mL of brain that is not black').toBeGreaterThan(700);
  expect(brain, 'mL of brain that is not black').toBeLessThan(2000);
}
