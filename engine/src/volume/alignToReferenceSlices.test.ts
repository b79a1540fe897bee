import { vec3 } from 'gl-matrix';
import { describe, expect, it } from 'vitest';
import { gridOfSteps, turnedGrid } from '../testing/linear';
import { alignToReferenceSlices } from './alignToReferenceSlices';
import { canonicalGrid } from './modelGrid';
import { type Grid, indexToWorld, spacingOf, worldToIndex } from './Volume';

/** Index along k of `grid` at which the centre of slice k of the reference lies. */
function place(grid: Grid, reference: Grid, k: number): number {
  const centre = indexToWorld(reference, [(reference.dims[0] - 1) / 2, (reference.dims[1] - 1) / 2, k]);
  return vec3.transformMat4([0, 0, 0], centre, worldToIndex(grid))[2];
}

const thick: [string, Grid][] = [
  ['3 mm axial', gridOfSteps([30, 30, 20], [1, 0, 0], [0, 1, 0], [0, 0, 3], [-10, -12, -15])],
  ['5.5 mm from head to foot', gridOfSteps([30, 30, 20], [1, 0, 0], [0, 1, 0], [0, 0, -5.5], [0, 0, 70])],
  ['6.6 mm oblique', turnedGrid([30, 30, 14], [1, 1, 6.6], [-8, -12, -9], 0.35)],
];

describe.each(thick)('alignToReferenceSlices of a %s reference', (_, reference) => {
  const model = canonicalGrid(reference, [1, 1, 1]);
  const { grid, slices } = alignToReferenceSlices(model, reference);

  it('are those of the reference, each once', () => {
    const places = Array.from({ length: reference.dims[2] }, (_, k) => place(grid, reference, k));
    expect([...slices]).toEqual(places.map(p => Math.round(p)).sort((a, b) => a - b));
    for (const p of places) expect(Math.abs(p - Math.round(p))).toBeLessThan(1e-3);
  });

  it('stand on a grid hardly changed that covers as much', () => {
    const spacing = spacingOf(grid);
    expect(spacing.slice(0, 2).map(v => +v.toFixed(4))).toEqual([1, 1]);
    expect(Math.abs(spacing[2] - 1)).toBeLessThan(0.2);
    const ends = [-0.5, model.dims[2] - 0.5].map(k => place(grid, model, k));
    expect(Math.min(...ends)).toBeGreaterThan(-1.001);
    expect(Math.max(...ends)).toBeLessThan(grid.dims[2] + 0.001);
  });
});

describe('alignToReferenceSlices', () => {
  it.each([
    ['thin', gridOfSteps([30, 30, 20], [1, 0, 0], [0, 1, 0], [0, 0, 1.4], [0, 0, 0])],
    ['sagittal', gridOfSteps([30, 30, 11], [0, 1, 0], [0, 0, -1], [4, 0, 0], [0, 0, 0])],
  ] as [string, Grid][])('are all of the grid for a %s reference', (_, reference) => {
    const model = canonicalGrid(reference, [1, 1, 1]);
    const { grid, slices } = alignToReferenceSlices(model, reference);
    expect(grid).toBe(model);
    expect(slices).toHaveLength(model.dims[2]);
  });

  it('leaves out slices of the reference beyond the grid', () => {
    const reference = gridOfSteps([30, 30, 20], [1, 0, 0], [0, 1, 0], [0, 0, 4], [0, 0, 0]);
    const model = canonicalGrid({ ...reference, dims: [30, 30, 5] }, [1, 1, 1]);
    expect(alignToReferenceSlices(model, reference).slices).toHaveLength(5);
  });
});
