import { count, type Mask } from '../volume/Mask';
import { type Volume, voxelMillilitres } from '../volume/Volume';

/** Error of a prediction where the model finds a lesion. */
export interface LesionError {
  /** Mean absolute error; 1 is the range of the acquired image. */
  mae: number;
  /** Volume of what it takes for a lesion. */
  millilitres: number;
}

/**
 * @param difference of `compareImages`
 * @param lesion undefined where the model does not look for any
 * @returns undefined where it finds none
 */
export function lesionError(difference: Volume, lesion: Mask | undefined): LesionError | undefined {
  const voxels = lesion ? count(lesion) : 0;
  if (!lesion || voxels === 0) return undefined;
  const sum = difference.data.reduce((sum, error, i) => sum + (lesion[i] ? Math.abs(error) : 0), 0);
  return { mae: sum / voxels, millilitres: voxels * voxelMillilitres(difference) };
}
