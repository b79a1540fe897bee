/**
 * What the manifests of small bundles have in common; their files are empty of meaning.
 * @param networks their names
 */
export function tinyFields(networks: readonly string[]) {
  const each = <T>(value: (name: string) => T) => Object.fromEntries(networks.map(n => [n, value(n)]));
  return {
    format: 'modality-synthesis-bundle/4' as const,
    version: '0.0.1',
    name: 'Tiny',
    changelog: {},
    intended_use: 'Tests.',
    not_for: ['Patients.'],
    limitations: ['It is empty of meaning.'],
    data_sources: [],
    license: 'MIT',
    domain: 'brain-mr',
    normalization: { region: 'brain', lower_percentile: 0, upper_percentile: 100, ceiling: 1.25 },
    files: { fp32: each(name => ({ path: `fp32/${name}.onnx`, bytes: 3, sha256: '0'.repeat(64) })) },
    self_test: { seed: 1, tolerance: { fp32: 1e-4, fp16: 1e-2 }, networks: each(() => ({})) },
    metrics: {},
  };
}
