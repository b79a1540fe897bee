import * as z from 'zod/mini';
import { checkNetworks, count, positive, synthesisFields } from '../../bundle/fields';
import type { RoleId } from '../../domains/Role';
import { ERROR_TERMS } from './expectedErrors';

/** Where the target's latent y comes from: DDIM samples, one regression by the MDN, or nowhere (zeros). */
export const CONDITIONINGS = ['diffusion', 'regression', 'none'] as const;

const rising = z.array(z.number().check(z.nonnegative())).check(
  z.minLength(2),
  z.refine(values => values.every((v, i) => i === 0 || v > values[i - 1]), 'must rise'),
);
const curve = z
  .strictObject({ from: rising, to: rising })
  .check(z.refine(({ from, to }) => from.length === to.length, 'from and to must be equally long'));

/** bundle.json of the method `cdm`: the only place where its format is defined. */
export const cdmManifestSchema = z
  .strictObject({
    ...synthesisFields,
    method: z.literal('cdm'),
    roles: synthesisFields.roles.check(z.minLength(2)),
    /** `neighbours`: slices on each side of a slice that the networks see. */
    grid: z.extend(synthesisFields.grid, { neighbours: z.literal(1) }),
    tokens: z.strictObject({ count, channels: count, step_mm: positive }),
    /** `timesteps` out of `diffusion_steps`, descending, and the share of signal variance left at each. */
    scheduler: z.strictObject({
      kind: z.literal('ddim'),
      diffusion_steps: count,
      timesteps: z.array(z.number().check(z.gte(0))).check(z.minLength(1)),
      alpha_bar: z.array(z.number().check(z.gte(0), z.lt(1))).check(z.minLength(1)),
      embedding: z.strictObject({ size: count.check(z.multipleOf(2)), max_period: positive }),
    }),
    /** The conditioning, unless the job says otherwise. */
    guidance: z.enum(CONDITIONINGS),
    /**
     * C-UNets, each trained with another fold of the patients left out; member i mod members decodes sample
     * i.
     */
    members: count,
    /** Unconditioned members: no y is predicted for their samples. */
    unguided: z.optional(z.array(z.int().check(z.nonnegative()))),
    /** Number of samples whose mean is the result, unless the job says otherwise. */
    samples: count,
    /** By target: the intensity calibration of the mean of the samples, where there is one (`calibrated`). */
    tone: z.optional(z.record(z.string(), curve)),
    /**
     * The expected absolute error is factor[target] times what the `weights` say (`expectedErrors`), else the
     * mean scale.
     */
    uncertainty: z.strictObject({
      factor: z.record(z.string(), z.number().check(z.nonnegative())),
      weights: z.optional(z.record(z.string(), z.record(z.enum(ERROR_TERMS), z.number()))),
    }),
    /**
     * By target where something cannot be told: where this output of the decoders, a probability, exceeds
     * `above` in the mean over the samples. `text` says what, in English.
     */
    indeterminate: z.optional(
      z.record(
        z.string(),
        z.strictObject({
          output: z.string(),
          above: z.number().check(z.gte(0), z.lte(1)),
          text: z.string().check(z.minLength(1)),
        }),
      ),
    ),
  })
  .check(
    z.superRefine((m, context) => {
      const issue = (path: (string | number)[], message: string) =>
        context.addIssue({ code: 'custom', path, message });
      if (m.scheduler.alpha_bar.length !== m.scheduler.timesteps.length) {
        issue(['scheduler', 'alpha_bar'], 'must be as long as scheduler.timesteps');
      }
      for (const [n, member] of (m.unguided ?? []).entries()) {
        if (member >= m.members) issue(['unguided', n], 'must be one of the members');
      }
      for (const role of m.roles) {
        if (m.uncertainty.factor[role] === undefined) {
          issue(['uncertainty', 'factor', role], 'is missing');
        }
        if (m.uncertainty.weights && !m.uncertainty.weights[role]) {
          issue(['uncertainty', 'weights', role], 'is missing');
        }
      }
      for (const [role, { output }] of Object.entries(m.indeterminate ?? {})) {
        for (let member = 0; member < m.members; member++) {
          const [, decoder] = memberNetworks(member);
          if (!m.networks[decoder]?.outputs[output]) {
            issue(['indeterminate', role, 'output'], `must be an output of ${decoder}`);
          }
        }
      }
      checkNetworks(m, networkNames(m.roles, m.members), issue);
    }),
  );

export type CdmManifest = z.infer<typeof cdmManifestSchema>;

/**
 * The networks of a CDM bundle: one MRM and one MDN a role, and the two halves of each member's C-UNet.
 */
export function networkNames(roles: readonly RoleId[], members: number): string[] {
  return [
    ...roles.flatMap(c => [`mrm-${c}`, `mdn-${c}`]),
    ...Array.from({ length: members }, (_, k) => memberNetworks(k)).flat(),
  ];
}

/** The encoder and the decoder of one member's C-UNet. */
export function memberNetworks(member: number): [encoder: string, decoder: string] {
  return [`cunet-encoder-${member}`, `cunet-decoder-${member}`];
}
