import { clip } from '../../volume/normalize';

/** Running sums over the samples of one slab, so that no sample's volume is kept. */
export class SlabSums {
  private readonly sum: Float64Array;
  private readonly squares: Float64Array;
  private readonly scales: Float64Array;
  private readonly probabilities: Float64Array;
  private samples = 0;

  /** @param length voxels of the slab */
  constructor(private readonly length: number) {
    this.sum = new Float64Array(length);
    this.squares = new Float64Array(length);
    this.scales = new Float64Array(length);
    this.probabilities = new Float64Array(length);
  }

  /**
   * Adds one sample.
   * @param prediction normalized; clipped to [0, ceiling]
   * @param scale the network's own guess of its absolute error, same length
   * @param probability of what cannot be told, same length, where the network tells it
   */
  add(prediction: Float32Array, scale: Float32Array, ceiling: number, probability?: Float32Array): void {
    this.samples++;
    for (let i = 0; i < this.length; i++) {
      const value = clip(prediction[i], ceiling);
      this.sum[i] += value;
      this.squares[i] += value * value;
      this.scales[i] += scale[i];
    }
    if (!probability) return;
    for (let i = 0; i < this.length; i++) this.probabilities[i] += probability[i];
  }

  /** Mean of the samples. */
  mean(i: number): number {
    return this.sum[i] / this.samples;
  }

  /** Population variance of the samples. */
  variance(i: number): number {
    const mean = this.mean(i);
    return Math.max(0, this.squares[i] / this.samples - mean * mean);
  }

  /** Mean probability; 0 where the network tells none. */
  probability(i: number): number {
    return this.probabilities[i] / this.samples;
  }

  /** Mean scale. */
  scale(i: number): number {
    return this.scales[i] / this.samples;
  }
}
