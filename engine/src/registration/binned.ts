import type { Volume } from '../volume/Volume';

/** Bins of a joint histogram along each of its sides. */
export const BINS = 32;

/** Values beyond these percentiles share the first and the last bin: bright vessels must not squeeze the tissue into a few. */
const PERCENTILES = [0.005, 0.995];
/** Values the percentiles are taken from, at most. */
const MOST_VALUES = 50_000;

/** A volume in units of bins, [0, BINS - 1]; all 0 where it is flat. */
export function binned(volume: Volume): Volume {
  const every = Math.max(1, Math.floor(volume.data.length / MOST_VALUES));
  const some = volume.data.filter((_, i) => i % every === 0).sort();
  const [low, high] = PERCENTILES.map(p => some[Math.round(p * (some.length - 1))]);
  const scale = high > low ? (BINS - 1) / (high - low) : 0;
  return { ...volume, data: volume.data.map(v => Math.min(BINS - 1, Math.max(0, (v - low) * scale))) };
}
