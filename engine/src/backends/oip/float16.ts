const SMALLEST_NORMAL = 0x38800000; // 2^-14, bits of a float32
const TOO_LARGE = 0x47800000; // 2^16
const INFINITE = 0x7c00;
const NOT_A_NUMBER = 0x7e00;

/** IEEE 754 binary16 of each value, rounded to the nearest, ties to even. */
export function toFloat16(values: Float32Array): Uint16Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const halves = new Uint16Array(bits.length);
  for (let i = 0; i < bits.length; i++) {
    const sign = (bits[i] >>> 16) & 0x8000;
    const size = bits[i] & 0x7fffffff;
    if (size >= TOO_LARGE) halves[i] = sign | (size > 0x7f800000 ? NOT_A_NUMBER : INFINITE);
    else if (size < SMALLEST_NORMAL) halves[i] = sign | roundToEven(Math.abs(values[i]) * 2 ** 24);
    // 13 bits of the fraction go; the exponent's bias is 15 instead of 127.
    else halves[i] = sign | ((size + 0xfff + ((size >>> 13) & 1) - ((127 - 15) << 23)) >>> 13);
  }
  return halves;
}

/** The values of IEEE 754 binary16. */
export function fromFloat16(halves: Uint16Array): Float32Array {
  const values = new Float32Array(halves.length);
  const bits = new Uint32Array(values.buffer);
  for (let i = 0; i < halves.length; i++) {
    const half = halves[i];
    const size = half & 0x7fff;
    if (size >= INFINITE) values[i] = size > INFINITE ? Number.NaN : Number.POSITIVE_INFINITY;
    else {
      bits[i] = size << 13;
      values[i] *= 2 ** (127 - 15);
    }
    if (half & 0x8000) values[i] = -values[i];
  }
  return values;
}

function roundToEven(value: number): number {
  const rounded = Math.round(value);
  return rounded - value === 0.5 && rounded % 2 ? rounded - 1 : rounded;
}
