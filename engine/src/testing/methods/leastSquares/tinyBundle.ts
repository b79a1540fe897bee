import { ROLE_IDS } from '../../../domains/brain-mr/roles';
import type { LeastSquaresManifest } from './manifest';

/**
 * bundle.json of a bundle without networks: T1 is nearest to every target, T2 the next; a fresh object at
 * each call.
 */
export function tinyLeastSquares(): LeastSquaresManifest {
  const fits = {
    t1: { slope: 0.5, offset: 0.1, error: 0.02 },
    t2: { slope: -0.5, offset: 0.9, error: 0.05 },
  };
  return {
    format: 'modality-synthesis-bundle/4',
    id: 'tiny-least-squares',
    version: '0.0.1',
    name: 'Tiny least squares',
    method: 'least-squares',
    changelog: {},
    intended_use: 'Tests.',
    not_for: [],
    limitations: [],
    data_sources: [],
    license: 'MIT',
    domain: 'brain-mr',
    roles: [...ROLE_IDS],
    grid: { spacing: [4, 4, 4], size: [60, 50], slab: 4 },
    normalization: { region: 'brain', lower_percentile: 0, upper_percentile: 100, ceiling: 1.25 },
    fits: Object.fromEntries(ROLE_IDS.map(target => [target, fits])),
    networks: {},
    files: { fp32: {} },
    self_test: { seed: 1, tolerance: { fp32: 1e-4, fp16: 1e-2 }, networks: {} },
    metrics: {},
  };
}
