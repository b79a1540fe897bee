import type { RoleId } from '../../domains/Role';
import { SynthesisError } from '../../errors';
import type { MethodJob } from '../Method';
import { message } from './en';
import type { CdmManifest } from './manifest';
import type { CdmOptions } from './options';

/** One run, options and all; slices outside the region are not decoded. */
export interface CdmJob
  extends CdmOptions,
    Omit<MethodJob<CdmManifest, CdmOptions>, 'targets' | 'options' | 'truth'> {
  targets: readonly RoleId[];
  /**
   * True tokens of each target at the key slices (`encodeTokens`) instead of predicted ones: for evaluation
   * only.
   */
  tokens?: ReadonlyMap<RoleId, Float32Array>;
  /** Whether the standard deviation of the samples is wanted too, which only an evaluation reads. */
  deviation?: boolean;
}

/**
 * The member that decodes each sample.
 * @throws SynthesisError `plan-invalid` for a member that the bundle does not have
 */
export function memberOfSample(
  { members: all }: Pick<CdmManifest, 'members'>,
  { samples, members }: CdmOptions,
): number[] {
  const chosen = members ?? Array.from({ length: all }, (_, k) => k);
  const unknown = chosen.find(member => member >= all);
  if (unknown !== undefined) {
    throw new SynthesisError('plan-invalid', message('cdm/no-member', { member: unknown, members: all }));
  }
  return Array.from({ length: samples }, (_, i) => chosen[i % chosen.length]);
}

/** Of each sample whether its member is given a predicted y. */
export function conditioned(manifest: CdmManifest, options: CdmOptions): boolean[] {
  const predicted = options.conditioning === 'diffusion' || options.conditioning === 'regression';
  return memberOfSample(manifest, options).map(member => predicted && !manifest.unguided?.includes(member));
}
