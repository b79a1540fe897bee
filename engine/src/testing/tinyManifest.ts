import type { BundleManifest } from '../bundle/manifest';
import { CONTRASTS } from '../contrast/Contrast';

/** A valid manifest of a small bundle, all files empty of meaning; a fresh object at each call. */
export function tinyManifest(): BundleManifest {
  const names = [...CONTRASTS.flatMap(c => [`mrm-${c}`, `mdn-${c}`]), 'cunet-encoder', 'cunet-decoder'];
  const inputs: Record<string, Record<string, number[]>> = {
    'cunet-encoder': { images: [4, 12, 40, 36], availability: [4, 4] },
    'cunet-decoder': { features: [4, 1, 40, 36], tokens: [4, 2, 3], target: [4, 4] },
  };
  return {
    format: 'modality-synthesis-bundle/1',
    id: 'tiny',
    version: '0.0.1',
    name: 'Tiny',
    method: 'cdm',
    changelog: {},
    intended_use: 'Tests.',
    limitations: [],
    data_sources: [],
    license: 'MIT',
    contrasts: [...CONTRASTS],
    grid: { spacing: [4, 4, 4], size: [40, 36], slab: 4, neighbours: 1 },
    normalization: { region: 'brain', lower_percentile: 0, upper_percentile: 100, ceiling: 1.25 },
    tokens: { count: 2, channels: 3, step_mm: 8 },
    scheduler: {
      kind: 'ddim',
      timesteps: [999, 499],
      alpha_bar: [0.001, 0.5],
      embedding: { size: 8, max_period: 10000 },
    },
    samples: 1,
    networks: Object.fromEntries(names.map(n => [n, { inputs: inputs[n] ?? {}, outputs: {}, flops: 0 }])),
    files: {
      fp32: Object.fromEntries(
        names.map(n => [n, { path: `fp32/${n}.onnx`, bytes: 3, sha256: '0'.repeat(64) }]),
      ),
    },
    metrics: {},
  };
}
