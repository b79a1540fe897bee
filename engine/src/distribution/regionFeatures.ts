import { type Region, regionVolume } from '../domains/Region';
import { boundingBox } from '../volume/box';
import { spacingOf } from '../volume/Volume';
import type { Features } from './InputFeatures';

/**
 * Size and shape of the region, along the axes of its grid (left, back, head).
 * @param region not empty
 */
export function regionFeatures(region: Region): Features {
  const { grid, mask } = region;
  const spacing = spacingOf(grid);
  const [columns, rows] = grid.dims;
  const box = boundingBox(mask, grid.dims, 0);
  const sums = [0, 0, 0];
  let [voxels, faces] = [0, 0];
  const steps = [1, columns, columns * rows];
  const area = [spacing[1] * spacing[2], spacing[0] * spacing[2], spacing[0] * spacing[1]];
  eachVoxelOf(region, (at, n) => {
    voxels++;
    for (let axis = 0; axis < 3; axis++) {
      sums[axis] += at[axis];
      // Each voxel's lower and upper neighbour; beyond the grid there is nothing.
      if (at[axis] === 0 || !mask[n - steps[axis]]) faces += area[axis];
      if (at[axis] === grid.dims[axis] - 1 || !mask[n + steps[axis]]) faces += area[axis];
    }
  });
  const centre = sums.map(sum => sum / voxels);
  let mirrored = 0;
  eachVoxelOf(region, ([i, j, k]) => {
    const other = Math.round(2 * centre[0] - i);
    if (other >= 0 && other < columns) mirrored += mask[other + columns * (j + rows * k)];
  });
  const size = box.dims.map((n, axis) => n * spacing[axis]);
  const offset = (axis: number) =>
    (centre[axis] - box.first[axis] - (box.dims[axis] - 1) / 2) / box.dims[axis];
  const millilitres = regionVolume(region);
  return {
    volume: Math.log(millilitres),
    width: size[0],
    length: size[1],
    height: size[2],
    fullness: (1000 * millilitres) / (size[0] * size[1] * size[2]),
    roundness: (1000 * millilitres) ** (2 / 3) / faces,
    symmetry: mirrored / voxels,
    offset_j: offset(1),
    offset_k: offset(2),
  };
}

function eachVoxelOf(
  { grid: { dims }, mask }: Region,
  visit: (at: readonly [number, number, number], n: number) => void,
): void {
  const [columns, rows] = dims;
  for (let n = mask.indexOf(1); n >= 0; n = mask.indexOf(1, n + 1)) {
    visit([n % columns, Math.floor(n / columns) % rows, Math.floor(n / (columns * rows))], n);
  }
}
