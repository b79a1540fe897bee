import { deflateSync } from 'node:zlib';

/** Grey levels, finer than colours since most of a picture is MR: with 6 levels a channel 256 in all. */
const GREYS = 40;
const LEVELS = 6;

/**
 * A picture as a PNG with a fixed palette of 256 colours (PNG specification, colour type 3): a third of the size of
 * true colour, and the same bytes for the same picture.
 * @param rgba 8 bits a channel, rows from the top
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
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = 4 * (x + y * width);
      rows[y * (width + 1) + 1 + x] = nearest(rgba[at], rgba[at + 1], rgba[at + 2]);
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('PLTE', palette),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function nearest(r: number, g: number, b: number): number {
  if (Math.max(r, g, b) - Math.min(r, g, b) < 20) return Math.round((((r + g + b) / 3) * (GREYS - 1)) / 255);
  const [i, j, k] = [r, g, b].map(v => Math.round(v / 51));
  return GREYS + (i * LEVELS + j) * LEVELS + k;
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body), body.length + 4);
  return out;
}

/** CRC of PNG chunks; Node has one of its own only from 20.15 on. */
function crc32(bytes: Buffer): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}
