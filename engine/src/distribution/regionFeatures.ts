import { type Region, regionVolume } from '../domains/Region';
import { boundingBox } from '../volume/box';
import { spacingOf } from '../volume/Volume';
import type { Features } from './InputFeatures';
import { add, mean, meanOf } from './Mean';

/** Share of the height that counts as base or crown. */
const QUARTER = 0.25;

/**
 * Size and shape of the region, along the axes of its grid (left, back, head).
 * @param region not empty
 */
export function regionFeatures(region: Region): Features {
  const { grid, mask } = region;
  const spacing = spacingOf(grid);
  const [columns, rows, depth] = grid.dims;
  const plane = columns * rows;
  const box = boundingBox(mask, grid.dims, 0);
  const sums = [0, 0, 0];
  const [base, crown] = [mean(), mean()];
  let [voxels, faces] = [0, 0];
  const area = [spacing[1] * spacing[2], spacing[0] * spacing[2], spacing[0] * spacing[1]];
  eachVoxelOf(region, (i, j, k, n) => {
    voxels++;
    sums[0] += i;
    sums[1] += j;
    sums[2] += k;
    const height = (k - box.first[2] + 0.5) / box.dims[2];
    if (height < QUARTER) add(base, j);
    if (height > 1 - QUARTER) add(crown, j);
    // Each voxel's lower and upper neighbour; beyond the grid there is nothing.
    const x = Number(i === 0 || !mask[n - 1]) + Number(i === columns - 1 || !mask[n + 1]);
    const y = Number(j === 0 || !mask[n - columns]) + Number(j === rows - 1 || !mask[n + columns]);
    const z = Number(k === 0 || !mask[n - plane]) + Number(k === depth - 1 || !mask[n + plane]);
    faces += x * area[0] + y * area[1] + z * area[2];
  });
  const centre = sums.map(sum => sum / voxels);
  let mirrored = 0;
  eachVoxelOf(region, (i, j, k) => {
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
    // The cerebellum lies behind the crown; not where the head stands on it.
    base_offset_j: (meanOf(base, centre[1]) - meanOf(crown, centre[1])) / box.dims[1],
  };
}

function eachVoxelOf(
  { grid: { dims }, mask }: Region,
  visit: (i: number, j: number, k: number, n: number) => void,
): void {
  const [columns, rows, depth] = dims;
  for (let k = 0, n = 0; k < depth; k++) {
    for (let j = 0; j < rows; j++) {
      for (let i = 0; i < columns; i++, n++) if (mask[n]) visit(i, j, k, n);
    }
  }
}
