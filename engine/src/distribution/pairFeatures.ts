import type { Features } from './InputFeatures';
import type { Samples } from './Samples';

/** Depth from which both gradients lie inside the region, pixels. */
const INSIDE = 3;

/**
 * How two sources belong together: the correlation of their values; how far their edges agree in place, axis
 * and sign. Their mutual information is left out: a simulated head has more of it than any patient.
 * @param a normalized, laid out like the grid of the samples; `b` likewise
 */
export function pairFeatures(
  a: Float32Array,
  b: Float32Array,
  { size: [columns, rows], slices }: Samples,
): Features {
  const values = new Moments();
  const edges = new Moments();
  let [weights, axes, signs] = [0, 0, 0];
  for (const { start, depth } of slices) {
    for (let j = 0, n = 0; j < rows; j++) {
      for (let i = 0; i < columns; i++, n++) {
        if (depth[n] < INSIDE) continue;
        const at = start + n;
        values.add(a[at], b[at]);
        const ax = a[at + 1] - a[at - 1];
        const ay = a[at + columns] - a[at - columns];
        const bx = b[at + 1] - b[at - 1];
        const by = b[at + columns] - b[at - columns];
        // Math.hypot is many times slower.
        const na = Math.sqrt(ax * ax + ay * ay);
        const nb = Math.sqrt(bx * bx + by * by);
        edges.add(na, nb);
        const weight = na * nb;
        if (weight === 0) continue;
        const cosine = (ax * bx + ay * by) / weight;
        weights += weight;
        axes += weight * cosine * cosine;
        signs += weight * cosine;
      }
    }
  }
  return {
    correlation: values.correlation(),
    edge_places: edges.correlation(),
    edge_axes: weights > 0 ? axes / weights : 0,
    edge_signs: weights > 0 ? signs / weights : 0,
  };
}

/** First and second moments of pairs of values. */
class Moments {
  private n = 0;
  private a = 0;
  private b = 0;
  private aa = 0;
  private bb = 0;
  private ab = 0;

  add(a: number, b: number): void {
    this.n++;
    this.a += a;
    this.b += b;
    this.aa += a * a;
    this.bb += b * b;
    this.ab += a * b;
  }

  /** Pearson's; 0 where one of them does not vary. */
  correlation(): number {
    const [va, vb] = [this.n * this.aa - this.a ** 2, this.n * this.bb - this.b ** 2];
    const both = Math.sqrt(Math.max(0, va) * Math.max(0, vb));
    return both > 0 ? (this.n * this.ab - this.a * this.b) / both : 0;
  }
}
