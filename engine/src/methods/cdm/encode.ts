import type { RoleId } from '../../domains/Role';
import { checkpoint } from '../../errors';
import type { Network } from '../../inference/Runtime';
import { spacingOf, type Volume } from '../../volume/Volume';
import type { CdmJob } from './job';
import { KeySlices } from './KeySlices';
import type { CdmManifest } from './manifest';
import { neighbourSlices, slabs } from './stack';

/** The slices of a volume on the bundle's grid at which tokens are made. */
export function keySlicesOf(volume: Volume, { tokens }: Pick<CdmManifest, 'tokens'>): KeySlices {
  return new KeySlices(volume.dims[2], Math.max(1, Math.round(tokens.step_mm / spacingOf(volume)[2])));
}

/**
 * MRM tokens of one volume at its key slices.
 * @param volume on the bundle's grid, normalized, 0 outside the region
 * @param onSlab called after each slab
 * @returns [key slices, T, D]
 * @throws SynthesisError `cancelled`
 */
export async function encodeTokens(
  role: RoleId,
  volume: Volume,
  { manifest, network }: Pick<CdmJob, 'manifest' | 'network'>,
  onSlab: () => void = () => {},
  signal?: AbortSignal,
): Promise<Float32Array> {
  const { grid, tokens } = manifest;
  const mrm: Network = network(`mrm-${role}`);
  const length = tokens.count * tokens.channels;
  const { indices } = keySlicesOf(volume, manifest);
  const out = new Float32Array(indices.length * length);
  let row = 0;
  for (const batch of slabs(indices, grid.slab)) {
    await checkpoint(signal);
    const { data } = (await mrm.run({ image: neighbourSlices(volume, batch, grid.slab) })).tokens;
    out.set(data.subarray(0, batch.length * length), row * length);
    row += batch.length;
    onSlab();
  }
  return out;
}

/**
 * MRM of every source at the key slices.
 * @returns [key slices, T, roles * D], zeros where one is absent
 * @throws SynthesisError `cancelled`
 */
export async function encodeSources(job: CdmJob): Promise<Float32Array> {
  const { roles, tokens, grid } = job.manifest;
  const { channels } = tokens;
  const width = roles.length * channels;
  const [first] = job.sources.values();
  const keys = keySlicesOf(first, job.manifest).indices.length;
  const condition = new Float32Array(keys * tokens.count * width);
  const of = Math.ceil(keys / grid.slab) * job.sources.size;
  let done = 0;
  const onSlab = () => job.onStep?.({ stage: 'tokens', done: ++done, of });
  for (const [role, volume] of job.sources) {
    const encoded = await encodeTokens(role, volume, job, onSlab, job.signal);
    const c = roles.indexOf(role);
    for (let row = 0; row < keys * tokens.count; row++) {
      condition.set(encoded.subarray(row * channels, (row + 1) * channels), row * width + c * channels);
    }
  }
  return condition;
}
