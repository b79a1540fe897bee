import { imageLoader, metaData, type Types } from '@cornerstonejs/core';
import {
  asSynthesisError,
  rescale,
  sortSlices,
  throwIfCancelled,
  type Volume,
} from '@modality-synthesis/engine';
import type { DataSource, DisplaySet, Instance } from './types';

/** Images requested at once; OHIF's own request pool decides how many go out. */
const AT_ONCE = 8;

/**
 * The acquired pixels of a display set as one volume, through cornerstone's own loader and cache.
 * @returns real-world values (rescaled once, wherever cornerstone has not done so), LPS
 * @throws SynthesisError `geometry-unsupported`, `source-unreadable` or `cancelled`
 */
export async function readVolume(
  displaySet: DisplaySet,
  name: string,
  dataSource: DataSource,
  onImage: () => void,
  signal: AbortSignal,
): Promise<Volume> {
  const all = imageIdsWithInstances(displaySet, dataSource);
  const { slices, grid } = sortSlices(all, name);
  const plane = grid.dims[0] * grid.dims[1];
  const data = new Float32Array(plane * slices.length);
  const queue = [...slices.entries()];
  const readNext = async (): Promise<void> => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      throwIfCancelled(signal);
      const [k, { imageId, instance }] = next;
      const image = await imageLoader.loadAndCacheImage(imageId);
      copyRescaled(image, instance, data.subarray(k * plane, (k + 1) * plane));
      onImage();
    }
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, readNext));
  } catch (thrown) {
    throw asSynthesisError(
      thrown,
      'source-unreadable',
      `An image of the series “${name}” could not be read; check the connection to the archive and try again.`,
    );
  }
  return { ...grid, data };
}

/** Image ids of a display set with the metadata of each. */
function imageIdsWithInstances(
  displaySet: DisplaySet,
  dataSource: DataSource,
): { imageId: string; instance: Instance }[] {
  return dataSource
    .getImageIdsForDisplaySet(displaySet)
    .map(imageId => ({ imageId, instance: metaData.get('instance', imageId) as Instance }));
}

function copyRescaled(image: Types.IImage, instance: Instance, out: Float32Array): void {
  const scaled = image.preScale?.scaled === true;
  rescale(image.getPixelData(), scaled ? {} : instance, out);
}
