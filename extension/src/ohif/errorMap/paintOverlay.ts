import { colourIndex, pixelTable } from './colourScale';

/** Pixels from line to line of the hatching along x, and the width of a line. */
const HATCH = { period: 9, width: 2 };

/**
 * Colours the values from the threshold on. Values of 0 stay clear: there the map has no estimate.
 * @param values expected errors by pixel; NaN outside the map
 * @param threshold same unit
 * @param upper upper end of the colour scale, same unit
 * @param opacity 0 to 1
 * @param out canvas pixels, one 32-bit number each; starts clear
 */
export function paintOverlay(
  values: Float32Array,
  { threshold, upper, opacity }: { threshold: number; upper: number; opacity: number },
  out: Uint32Array,
): void {
  const table = pixelTable(opacity);
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value > 0 && value >= threshold) out[i] = table[colourIndex(value, upper)];
  }
}

const [WHITE, BLACK] = new Uint32Array(Uint8Array.of(255, 255, 255, 230, 0, 0, 0, 150).buffer);

/**
 * Draws diagonal lines, white with a black edge, where `inside` is at least one half.
 * @param inside share of a region by pixel, 0 to 1; NaN outside its grid
 * @param width pixels of a row
 * @returns whether there is any such pixel
 */
export function paintHatching(inside: Float32Array, width: number, out: Uint32Array): boolean {
  let any = false;
  for (let i = 0; i < inside.length; i++) {
    if (!(inside[i] >= 0.5)) continue;
    any = true;
    const phase = ((i % width) + Math.floor(i / width)) % HATCH.period;
    if (phase < HATCH.width) out[i] = WHITE;
    else if (phase === HATCH.width) out[i] = BLACK;
  }
  return any;
}
