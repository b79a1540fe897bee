/**
 * Slices at which the representation y is sampled: every `step` slices and the last one. y changes slowly
 * along z, so between them it is interpolated linearly.
 */
export class KeySlices {
  readonly indices: readonly number[];

  constructor(depth: number, step: number) {
    const indices: number[] = [];
    for (let z = 0; z < depth - 1; z += step) indices.push(z);
    indices.push(depth - 1);
    this.indices = indices;
  }

  /**
   * @param values [key slices, length]: one row a key slice
   * @param z slice, 0 .. depth - 1
   * @param out receives the row interpolated at z
   */
  interpolate(values: Float32Array, z: number, out: Float32Array): void {
    const length = out.length;
    let at = 0;
    while (at + 1 < this.indices.length - 1 && this.indices[at + 1] <= z) at++;
    const next = Math.min(at + 1, this.indices.length - 1);
    const gap = this.indices[next] - this.indices[at];
    const f = gap > 0 ? (z - this.indices[at]) / gap : 0;
    for (let i = 0; i < length; i++) {
      out[i] = values[at * length + i] * (1 - f) + values[next * length + i] * f;
    }
  }
}
