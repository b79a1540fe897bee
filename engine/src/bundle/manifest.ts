import * as z from 'zod';
import { ERROR_TERMS } from '../cdm/expectedErrors';
import type { Contrast } from '../contrast/Contrast';
import { bundleFields, checkNetworks, count, positive } from './fields';

/** Where the representation y of the target comes from: DDIM samples, one regression by the MDN, or nowhere (zeros). */
export const GUIDANCE = ['diffusion', 'regression', 'none'] as const;
export type Guidance = (typeof GUIDANCE)[number];

const rising = z
  .array(z.number().nonnegative())
  .min(2)
  .refine(values => values.every((v, i) => i === 0 || v > values[i - 1]), 'must rise');
const toneCurve = z
  .strictObject({ from: rising, to: rising })
  .refine(({ from, to }) => from.length === to.length, 'from and to must be equally long');

/** bundle.json of the method `cdm`: the only place where its format is defined. */
export const cdmManifestSchema = z
  .strictObject({
    ...bundleFields,
    method: z.literal('cdm'),
    contrasts: bundleFields.contrasts.min(2),
    /** `neighbours`: slices on each side of a slice that the networks see. */
    grid: bundleFields.grid.extend({ neighbours: z.literal(1) }),
    normalization: z.strictObject({
      region: z.literal('brain'),
      lower_percentile: z.number().min(0).max(100),
      upper_percentile: z.number().min(0).max(100),
      ceiling: positive,
    }),
    tokens: z.strictObject({ count, channels: count, step_mm: positive }),
    /** `timesteps` out of `diffusion_steps`, descending, and the share of signal variance left at each. */
    scheduler: z.strictObject({
      kind: z.literal('ddim'),
      diffusion_steps: count,
      timesteps: z.array(z.number().min(0)).min(1),
      alpha_bar: z.array(z.number().min(0).lt(1)).min(1),
      embedding: z.strictObject({ size: count.multipleOf(2), max_period: positive }),
    }),
    guidance: z.enum(GUIDANCE),
    /** C-UNets, each trained with another fold of the patients left out; sample i is painted by member i mod members. */
    members: count,
    /** Members that do not hear of y: nothing is predicted for their samples. */
    unguided: z.array(z.number().int().nonnegative()).optional(),
    /** Number of samples whose mean is the result, unless the job says otherwise. */
    samples: count,
    /** By target: the curve that the mean of the samples is put through, where there is one (`toned`). */
    tone: z.record(z.string(), toneCurve).optional(),
    /** The spread, the absolute error to be expected, is factor[target] times what the `weights` say (`expectedErrors`); without them, times the mean scale. */
    uncertainty: z.strictObject({
      factor: z.record(z.string(), z.number().nonnegative()),
      weights: z.record(z.string(), z.record(z.enum(ERROR_TERMS), z.number())).optional(),
    }),
  })
  .superRefine((m, context) => {
    const issue = (path: (string | number)[], message: string) =>
      context.addIssue({ code: 'custom', path, message });
    if (m.scheduler.alpha_bar.length !== m.scheduler.timesteps.length) {
      issue(['scheduler', 'alpha_bar'], 'must be as long as scheduler.timesteps');
    }
    if (m.normalization.lower_percentile >= m.normalization.upper_percentile) {
      issue(['normalization', 'lower_percentile'], 'must lie below upper_percentile');
    }
    for (const [n, member] of (m.unguided ?? []).entries()) {
      if (member >= m.members) issue(['unguided', n], 'must be one of the members');
    }
    for (const contrast of m.contrasts) {
      if (m.uncertainty.factor[contrast] === undefined) {
        issue(['uncertainty', 'factor', contrast], 'is missing');
      }
      if (m.uncertainty.weights && !m.uncertainty.weights[contrast]) {
        issue(['uncertainty', 'weights', contrast], 'is missing');
      }
    }
    checkNetworks(m, networkNames(m.contrasts, m.members), issue);
  });

export type CdmManifest = z.infer<typeof cdmManifestSchema>;

/** The networks of a CDM bundle: one MRM and one MDN a contrast, and the two halves of each member's C-UNet. */
export function networkNames(contrasts: readonly Contrast[], members: number): string[] {
  return [
    ...contrasts.flatMap(c => [`mrm-${c}`, `mdn-${c}`]),
    ...Array.from({ length: members }, (_, k) => memberNetworks(k)).flat(),
  ];
}

/** The encoder and the decoder of one member's C-UNet. */
export function memberNetworks(member: number): [encoder: string, decoder: string] {
  return [`cunet-encoder-${member}`, `cunet-decoder-${member}`];
}
