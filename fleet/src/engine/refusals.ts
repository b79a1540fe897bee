import type { SynthesisErrorCode } from '@modality-synthesis/engine';

/** Errors for which the study is the reason: trying again, here or elsewhere, is no use. */
const REFUSALS: ReadonlySet<SynthesisErrorCode> = new Set<SynthesisErrorCode>([
  'source-unreadable',
  'geometry-unsupported',
  'no-overlap',
  'registration-failed',
  'no-region',
  'plan-invalid',
  'preflight-red',
  'preflight-amber',
]);

/** Errors of a machine or of what was asked of it: the same again gives the same. */
const FINAL: ReadonlySet<SynthesisErrorCode> = new Set<SynthesisErrorCode>([
  'configuration-invalid',
  'bundle-unreachable',
  'bundle-invalid',
  'bundle-corrupt',
  'provider-unavailable',
]);

export function isRefusal(code: SynthesisErrorCode): boolean {
  return REFUSALS.has(code);
}

/** Whether the same job may succeed later. */
export function mayPass(code: string): boolean {
  return !FINAL.has(code as SynthesisErrorCode);
}
