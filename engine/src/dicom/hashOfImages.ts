import { sha256 } from '../sha256';
import type { Dataset } from './Dataset';

/** SHA-256 of which images these are: SOPInstanceUIDs, of frames with their number, sorted, a line each. */
export function hashOfImages(images: readonly Dataset[]): Promise<string> {
  const names = images.map(({ SOPInstanceUID, ReferencedFrameNumber: frame }) =>
    frame === undefined ? `${SOPInstanceUID}` : `${SOPInstanceUID} frame ${frame}`,
  );
  return sha256(new TextEncoder().encode(names.sort().join('\n')));
}
