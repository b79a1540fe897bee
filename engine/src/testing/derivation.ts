import type { Derivation } from '../dicom/record';

/** A complete record, of a T1ce out of T1 and FLAIR unless told otherwise. */
export function derivation(more: Partial<Derivation> = {}): Derivation {
  return {
    domain: 'brain-mr',
    target: 't1ce',
    sources: [
      { role: 't1', SeriesInstanceUID: '1.2.826.0.2', images: 3, sha256: '1'.repeat(64) },
      { role: 'flair', SeriesInstanceUID: '1.2.826.0.9', images: 2, sha256: '2'.repeat(64) },
    ],
    reference: 't1',
    bundle: { id: 'tiny', version: '0.0.1', name: 'Tiny', sha256: `abcdef${'0'.repeat(58)}` },
    region: { id: 'skull-off', version: '0.0.3', name: 'Brain', sha256: `123456${'0'.repeat(58)}` },
    method: { id: 'cdm', options: {} },
    seed: 17,
    runtime: 'onnxruntime-node',
    provider: 'cpu',
    precision: 'fp32',
    softwareVersion: '1.2.3',
    ...more,
  };
}
