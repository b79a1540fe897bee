import { vec3 } from 'gl-matrix';
import { describe, expect, it } from 'vitest';
import { gridOfSteps, turnedGrid } from '../testing/linear';
import { alignToReference } from './alignToReference';
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
  ['1 mm axial, an odd number', gridOfSteps([30, 30, 21], [1, 0, 0], [0, 1, 0], [0, 0, 1], [-10, -12, -15])],
  ['6.6 mm oblique', turnedGrid([30, 30, 14], [1, 1, 6.6], [-8, -12, -9], 0.35)],
];

describe.each(thick)('alignToReference of a %s reference', (_, reference) => {
  const model = canonicalGrid(reference, [1, 1, 1]);
  const { grid, slices } = alignToReference(model, reference);

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

describe('alignToReference', () => {
  it.each([
    ['thin', gridOfSteps([30, 30, 20], [1, 0, 0], [0, 1, 0], [0, 0, 1.4], [0, 0, 0])],
    ['sagittal', gridOfSteps([30, 30, 11], [0, 1, 0], [0, 0, -1], [4, 0, 0], [0, 0, 0])],
  ] as [string, Grid][])('are all of the grid for a %s reference', (_, reference) => {
    const model = canonicalGrid(reference, [1, 1, 1]);
    const { grid, slices } = alignToReference(model, reference);
    expect(grid).toBe(model);
    expect(slices).toHaveLength(model.dims[2]);
  });

  it.each([0.5, -0.3])('puts pixels onto those of the reference, %d apart', offset => {
    const reference = gridOfSteps([30, 32, 20], [1, 0, 0], [0, 1, 0], [0, 0, 1], [-10, -12, -15]);
    const model = gridOfSteps([24, 24, 18], [1, 0, 0], [0, 1, 0], [0, 0, 1], [-8 + offset, -9, -14 - offset]);
    const { grid, slices } = alignToReference(model, reference);
    const [x, y, z] = indexToWorld(grid, [0, 0, slices[0]]);
    for (const at of [x, y, z]) expect(Math.abs(at - Math.round(at))).toBeLessThan(1e-5);
    expect(Math.max(...[x - -8 - offset, y - -9].map(Math.abs))).toBeLessThan(0.501);
    expect(spacingOf(grid)).toEqual([1, 1, 1]);
  });

  it('leaves pixels of another size where they are', () => {
    const reference = gridOfSteps([30, 30, 20], [0.9, 0, 0], [0, 0.9, 0], [0, 0, 4], [-10.3, -12.4, 0]);
    const model = canonicalGrid(reference, [1, 1, 1]);
    const [before, after] = [model, alignToReference(model, reference).grid];
    expect(indexToWorld(after, [0, 0, 0]).slice(0, 2)).toEqual(indexToWorld(before, [0, 0, 0]).slice(0, 2));
  });

  it('leaves out slices of the reference beyond the grid', () => {
    const reference = gridOfSteps([30, 30, 20], [1, 0, 0], [0, 1, 0], [0, 0, 4], [0, 0, 0]);
    const model = canonicalGrid({ ...reference, dims: [30, 30, 5] }, [1, 1, 1]);
    expect(alignToReference(model, reference).slices).toHaveLength(5);
  });
});
