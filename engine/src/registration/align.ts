import { mat4 } from 'gl-matrix';
import { type RoleId, roleLabel } from '../domains/Role';
import { SynthesisError } from '../errors';
import { message } from '../messages';
import { counter, type OnStep } from '../progress';
import type { Volume } from '../volume/Volume';
import type { Alignment } from './Alignment';
import { checkAcceptance } from './acceptance';
import type { RegistrationLimits } from './limits';
import { noOverlap, overlap } from './overlap';
import { REGISTRATION_STEPS, register } from './register';
import { motionOf } from './rigid';

/**
 * Measures how every source is aligned with the reference, and registers those that moved.
 * @param volumes acquired series of one patient, any grids and units, LPS; their frames of reference may
 *   differ
 * @param reference the one of them that the others are registered to
 * @param limits of the domain
 * @returns one alignment per source other than the reference
 * @throws SynthesisError `no-overlap` when fields of view have nothing in common, `registration-failed` when
 *   the acceptance check fails, `cancelled`
 */
export async function align(
  volumes: ReadonlyMap<RoleId, Volume>,
  reference: RoleId,
  limits: RegistrationLimits,
  onStep: OnStep = () => {},
  signal?: AbortSignal,
): Promise<Map<RoleId, Alignment>> {
  const fixed = volumes.get(reference)!;
  const sources = [...volumes].filter(([role]) => role !== reference);
  for (const [role, volume] of sources) {
    if (overlap(volume, fixed) === 0) throw noOverlap(role, reference);
  }
  const step = counter(onStep, 'register', REGISTRATION_STEPS * sources.length);
  const alignments = new Map<RoleId, Alignment>();
  for (const [role, volume] of sources) {
    const { transform, centre, ...similarity } = await register(volume, fixed, limits, step, signal);
    const motion = motionOf(transform, centre);
    const acceptance = checkAcceptance(motion, similarity, limits);
    if ('refused' in acceptance) {
      throw new SynthesisError(
        'registration-failed',
        message('registration/failed', {
          source: roleLabel(role),
          reference: roleLabel(reference),
          reason: acceptance.refused,
        }),
      );
    }
    alignments.set(role, {
      role,
      transform: acceptance.verdict === 'aligned' ? mat4.create() : transform,
      ...motion,
      similarity,
      ...acceptance,
    });
  }
  return alignments;
}
