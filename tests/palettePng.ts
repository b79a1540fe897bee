import { png } from './png';

/** Grey levels, which MR needs most: with 6 levels per colour channel 256 entries. */
const GREYS = 40;
const LEVELS = 6;

/**
 * Encodes a PNG with a fixed palette of 256 colours: a third of the size of true colour.
 * @param rgba 8 bits per channel, rows from the top
 */
export function palettePng(rgba: Uint8Array, width: number, height: number): Buffer {
  const palette = Buffer.concat([
    ...Array.from({ length: GREYS }, (_, n) => Buffer.alloc(3, Math.round((255 * n) / (GREYS - 1)))),
    ...Array.from({ length: LEVELS ** 3 }, (_, n) =>
      Buffer.from(
        [Math.floor(n / LEVELS ** 2), Math.floor(n / LEVELS) % LEVELS, n % LEVELS].map(v => v * 51),
      ),
    ),
  ]);
  const indices = Uint8Array.from({ length: width * height }, (_, n) =>
    nearest(rgba[4 * n], rgba[4 * n + 1], rgba[4 * n + 2]),
  );
  return png(indices, width, height, palette);
}

function nearest(r: number, g: number, b: number): number {
  if (Math.max(r, g, b) - Math.min(r, g, b) < 20) return Math.round((((r + g + b) / 3) * (GREYS - 1)) / 255);
  const [i, j, k] = [r, g, b].map(v => Math.round(v / 51));
  return GREYS + (i * LEVELS + j) * LEVELS + k;
}
