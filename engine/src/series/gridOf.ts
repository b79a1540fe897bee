import type { Dataset } from '../dicom/Dataset';
import { SynthesisError } from '../errors';
import type { Sentence, Text } from '../say';
import type { Grid } from '../volume/Volume';
import { sortSlices } from './slices';

/**
 * Where the voxels of a series lie, or the sentence why it cannot be used.
 * @param name of the series, for the sentence
 */
export function gridOf(images: readonly { instance: Dataset }[], name: Text): Grid | Sentence {
  try {
    return sortSlices(images, name).grid;
  } catch (thrown) {
    if (thrown instanceof SynthesisError) return thrown.sentence;
    throw thrown;
  }
}
