import { BRAIN_NETWORK, type BrainManifest } from '../domains/brain-mr/region/brainManifest';
import type { Network, Tensor } from '../inference/Runtime';

/** A valid manifest of a brain bundle, its file empty of meaning; a fresh object at each call. */
export function tinyBrainManifest(): BrainManifest {
  return {
    format: 'modality-synthesis-bundle/4',
    id: 'tiny-brain',
    version: '0.0.2',
    name: 'Tiny brain',
    method: 'brain-extraction',
    changelog: {},
    intended_use: 'Tests.',
    not_for: [],
    limitations: [],
    data_sources: [],
    license: 'MIT',
    domain: 'brain-mr',
    roles: ['t1', 't1ce', 't2', 'flair'],
    grid: { spacing: [2, 2, 2], size: [112, 96], slab: 16, together: 1, planes: [0] },
    input: { peak_percentile: 99.9, foreground: 0.1, bright_percentile: 98, ceiling: 2 },
    stripped_share: 0.9,
    networks: { [BRAIN_NETWORK]: { inputs: { images: [16, 1, 112, 96] }, outputs: {}, flops: 0 } },
    files: { fp32: { [BRAIN_NETWORK]: { path: 'fp32/brain.onnx', bytes: 3, sha256: '0'.repeat(64) } } },
    self_test: { seed: 1, tolerance: { fp32: 1e-4, fp16: 1e-2 }, networks: { [BRAIN_NETWORK]: {} } },
    metrics: {},
  };
}

/** Takes for brain what is neither dark as the skull nor bright as the scalp of testing/head. */
export const fakeBrain: Network = {
  async run({ images }): Promise<Record<string, Tensor>> {
    return { probability: { dims: images.dims, data: images.data.map(v => (v > 0.33 && v < 0.75 ? 1 : 0)) } };
  },
  async release() {},
};
