import type { Dataset } from '../dicom/Dataset';
import { SynthesisError } from '../errors';
import type { Message, Text } from '../messages';
import type { Grid } from '../volume/Volume';
import { sortSlices } from './slices';

/**
 * Where the voxels of a series lie, or the text why it cannot be used.
 * @param name of the series, for the text
 */
export function gridOf(images: readonly { instance: Dataset }[], name: Text): Grid | Message {
  try {
    return sortSlices(images, name).grid;
  } catch (thrown) {
    if (thrown instanceof SynthesisError) return thrown.text;
    throw thrown;
  }
}
