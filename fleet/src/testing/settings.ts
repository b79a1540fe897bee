import type { Settings } from '../StudyJob';

/** Complete settings, of a FLAIR unless told otherwise; bundles as in the engine's `derivation`. */
export function settings(more: Partial<Settings> = {}): Settings {
  return {
    targets: [{ id: 'flair' }],
    bundle: `abcdef${'0'.repeat(58)}`,
    region: `123456${'0'.repeat(58)}`,
    method: { id: 'cdm', options: {} },
    seed: 17,
    precision: 'fp32',
    acceptWarnings: false,
    ...more,
  };
}
