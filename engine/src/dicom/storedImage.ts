import type { Volume } from '../volume/Volume';
import { type VoiWindow, voiWindow } from './voiWindow';

/** Stored value of 1.0 on the normalized scale, the 99.5 percentile of the region. */
export const STORED_UNIT = 4096;

/** From 0 to 1 on that scale. */
export const WHOLE_RANGE: VoiWindow = { WindowCenter: STORED_UNIT / 2, WindowWidth: STORED_UNIT };

/** A synthesized volume as it is stored. */
export interface StoredImage {
  /** i fastest; `STORED_UNIT` a unit, clipped to 16 bits. */
  stored: Uint16Array<ArrayBuffer>;
  /** In which it opens. */
  window: VoiWindow;
}

/**
 * @param volume values in [0, about 1.3], 0 outside the region
 * @param percents of the window (`voiWindow`)
 */
export function storedImage(
  { data }: Pick<Volume, 'data'>,
  percents: readonly [low: number, high: number],
): StoredImage {
  const stored = new Uint16Array(data.length);
  for (let i = 0; i < data.length; i++) {
    stored[i] = Math.min(65535, Math.max(0, Math.round(data[i] * STORED_UNIT)));
  }
  return { stored, window: voiWindow(stored, percents, WHOLE_RANGE) };
}
