import { mat4 } from 'gl-matrix';
import { CONTRAST_LABELS, type Contrast } from '../contrast/Contrast';
import { SynthesisError } from '../errors';
import { message } from '../messages';
import type { OnStep } from '../progress';
import type { Volume } from '../volume/Volume';
import type { Alignment } from './Alignment';
import { judge } from './judge';
import { noOverlap, overlap } from './overlap';
import { REGISTRATION_STEPS, register } from './register';
import { motionOf } from './rigid';

/**
 * Measures how every source lies on the reference, and registers those that moved.
 * @param volumes acquired series of one head, any grids and units, LPS; their frames of reference may differ
 * @param reference which of them the others are laid onto
 * @returns one alignment a source, without the reference
 * @throws SynthesisError `no-overlap` when fields of view have nothing in common, `registration-failed` when what was found
 *   cannot be believed, `cancelled`
 */
export async function align(
  volumes: ReadonlyMap<Contrast, Volume>,
  reference: Contrast,
  onStep: OnStep = () => {},
  signal?: AbortSignal,
): Promise<Map<Contrast, Alignment>> {
  const onto = volumes.get(reference)!;
  const sources = [...volumes].filter(([contrast]) => contrast !== reference);
  for (const [contrast, volume] of sources) {
    if (overlap(volume, onto) === 0) throw noOverlap(contrast, reference);
  }
  const of = REGISTRATION_STEPS * sources.length;
  let done = 0;
  const alignments = new Map<Contrast, Alignment>();
  for (const [contrast, volume] of sources) {
    const step = () => onStep({ stage: 'register', done: ++done, of });
    const { transform, centre, ...similarity } = await register(volume, onto, step, signal);
    const motion = motionOf(transform, centre);
    const judgement = judge(motion, similarity);
    if ('refused' in judgement) {
      throw new SynthesisError(
        'registration-failed',
        message('registration/failed', {
          source: CONTRAST_LABELS[contrast],
          reference: CONTRAST_LABELS[reference],
          reason: judgement.refused,
        }),
      );
    }
    alignments.set(contrast, {
      contrast,
      transform: judgement.verdict === 'aligned' ? mat4.create() : transform,
      ...motion,
      similarity,
      ...judgement,
    });
  }
  return alignments;
}
