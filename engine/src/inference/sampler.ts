/** White noise [K, ...] -> noise of variance 1 whose correlation between k and l is correlation^|k - l|. */
export function correlate(white: Float32Array, keys: number, correlation: number): Float32Array {
  const length = white.length / keys;
  const fresh = Math.sqrt(1 - correlation * correlation);
  const noise = white.slice();
  for (let at = length; at < noise.length; at++) {
    noise[at] = correlation * noise[at - length] + fresh * white[at];
  }
  return noise;
}

/**
 * From noise to a sample with a network that predicts x_0, without new noise: first a step of DDIM, then of
 * DPM-Solver++ (2M, arXiv 2211.01095), whose second-order term needs no further evaluation.
 * @param alpha_bar share of signal variance at each step, rising
 * @param denoise x_0 at step n of the schedule
 */
export async function sample(
  noise: Float32Array,
  { alpha_bar: signal }: { alpha_bar: readonly number[] },
  denoise: (noisy: Float32Array, n: number) => Promise<Float32Array>,
): Promise<Float32Array> {
  const logSnr = signal.map(a => 0.5 * Math.log(a / (1 - a)));
  let x = noise;
  let before = noise;
  for (let n = 0; ; n++) {
    const clean = await denoise(x, n);
    if (n + 1 === signal.length) return clean;
    const step = logSnr[n + 1] - logSnr[n];
    const ahead = n === 0 ? 0 : step / (2 * (logSnr[n] - logSnr[n - 1]));
    const keep = Math.sqrt((1 - signal[n + 1]) / (1 - signal[n]));
    const gain = -Math.sqrt(signal[n + 1]) * Math.expm1(-step);
    x = x.map((v, i) => keep * v + gain * (clean[i] + ahead * (clean[i] - before[i])));
    before = clean;
  }
}
