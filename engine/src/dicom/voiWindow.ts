/** A linear VOI window (PS3.3 C.11.2.1.2.1), in stored values. */
export interface VoiWindow {
  WindowCenter: number;
  WindowWidth: number;
}

/**
 * The window between two percentiles of an image's region: the lower is black, the upper white, and what lies
 * beyond them saturates.
 * @param stored stored values, 0 outside the region
 * @param percents of the values inside, ascending, in [0, 100]
 * @param otherwise for an image of less than two values, which has nothing to tell apart
 */
export function voiWindow(
  stored: Uint16Array,
  [low, high]: readonly [number, number],
  otherwise: VoiWindow,
): VoiWindow {
  const counts = new Uint32Array(65536);
  let inside = 0;
  for (let i = 0; i < stored.length; i++) {
    if (stored[i] === 0) continue;
    counts[stored[i]]++;
    inside++;
  }
  const black = valueAt(counts, (low / 100) * inside);
  const white = valueAt(counts, (high / 100) * inside);
  if (white <= black) return otherwise;
  return { WindowCenter: Math.round((black + white + 1) / 2), WindowWidth: white - black + 1 };
}

/** The least value that, with all below it, counts at least so many. */
function valueAt(counts: Uint32Array, rank: number): number {
  let before = 0;
  for (let value = 0; value < counts.length; value++) {
    before += counts[value];
    if (before > 0 && before >= rank) return value;
  }
  return 0;
}
