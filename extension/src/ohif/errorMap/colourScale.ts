/**
 * Matplotlib's plasma (Smith and van der Walt, CC0) at nine equal steps, between which it is linear to 2 %:
 * perceptually uniform, and unlike viridis and inferno without colours that are near black.
 */
export const COLOURS = [
  '#0d0887',
  '#4c02a1',
  '#7e03a8',
  '#aa2395',
  '#cc4778',
  '#e56b5d',
  '#f89441',
  '#fdc328',
  '#f0f921',
] as const;

const SIZE = 256;

/** Colours of values from 0 to the upper end of the scale; 256 times red, green, blue. */
const TABLE = Uint8ClampedArray.from({ length: 3 * SIZE }, (_, n) => {
  const at = (Math.floor(n / 3) / (SIZE - 1)) * (COLOURS.length - 1);
  const below = Math.min(COLOURS.length - 2, Math.floor(at));
  const channel = (colour: string) => Number.parseInt(colour.slice(1 + 2 * (n % 3), 3 + 2 * (n % 3)), 16);
  const [a, b] = [channel(COLOURS[below]), channel(COLOURS[below + 1])];
  return a + (b - a) * (at - below);
});

/**
 * The scale as canvas pixels: 256 colours with alpha, each as one 32-bit number in the machine's byte order.
 * @param opacity 0 to 1
 */
export function pixelTable(opacity: number): Uint32Array {
  const bytes = new Uint8ClampedArray(4 * SIZE);
  for (let n = 0; n < SIZE; n++) {
    bytes.set(TABLE.subarray(3 * n, 3 * n + 3), 4 * n);
    bytes[4 * n + 3] = 255 * opacity;
  }
  return new Uint32Array(bytes.buffer);
}

/** Row of `pixelTable` for a value; beyond the ends of the scale the end's. */
export function colourIndex(value: number, upper: number): number {
  return Math.min(SIZE - 1, Math.max(0, Math.round((value / upper) * (SIZE - 1))));
}
