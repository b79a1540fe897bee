/**
 * Sinusoidal embedding of a timestep (Vaswani et al. 2017 as in DDPM): cosines, then sines.
 * @returns `size` values in [-1, 1]
 */
export function timestepEmbedding(
  timestep: number,
  { size, max_period }: { size: number; max_period: number },
): Float32Array {
  const half = size / 2;
  const out = new Float32Array(size);
  for (let i = 0; i < half; i++) {
    const angle = timestep * Math.exp((-Math.log(max_period) * i) / half);
    out[i] = Math.cos(angle);
    out[half + i] = Math.sin(angle);
  }
  return out;
}
