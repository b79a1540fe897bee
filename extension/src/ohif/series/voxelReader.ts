import { cache } from '@cornerstonejs/core';
import { type Point3, rescale, sortSlices, voxelAtWorld } from '@modality-synthesis/engine';
import type { LoadedSeries } from './loadedSeries';
import { isRescaled } from './readVolume';

/**
 * Reads single voxels of a series whose images the viewer has loaded.
 * @returns the real-world value of the voxel around a position (LPS mm); undefined where none is loaded
 * @throws SynthesisError `geometry-unsupported`
 */
export function voxelReader({ series, images }: LoadedSeries): (world: Point3) => number | undefined {
  const { slices, grid } = sortSlices(images, series.description);
  const value = new Float32Array(1);
  return world => {
    const voxel = voxelAtWorld(grid, world);
    if (!voxel) return undefined;
    const [i, j, k] = voxel;
    const { imageId, instance } = slices[k];
    const image = cache.getImage(imageId);
    if (!image) return undefined;
    const at = i + grid.dims[0] * j;
    rescale([image.getPixelData()[at]], isRescaled(image) ? {} : instance, value);
    return Number.isNaN(value[0]) ? undefined : value[0];
  };
}
