import * as z from 'zod/mini';
import { list } from '../../messages';
import type { Detail, Parameter } from '../Method';
import { message } from './en';
import { type CdmManifest, CONDITIONINGS } from './manifest';

/** What a person may choose. */
export const settings = {
  samples: { label: message('cdm/samples'), min: 1, max: 64, whole: true },
} satisfies Record<string, Parameter>;

const count = z.int().check(z.positive());

/**
 * How a job is done. Records and jobs that were written before this schema have other names for it, which are
 * read too.
 */
export const cdmOptions = z.pipe(
  z.transform(renamed),
  z.strictObject({
    /** Number of samples whose images are averaged. */
    samples: count.check(z.lte(settings.samples.max)),
    /** DDIM steps a sample. */
    steps: count,
    /** Where the target's latent y comes from; `truth`: from the target itself, in an evaluation. */
    conditioning: z.enum([...CONDITIONINGS, 'truth']),
    /** Members that decode, sample i by the (i mod length)-th of them; default: all. */
    members: z.optional(z.array(z.int().check(z.nonnegative())).check(z.minLength(1))),
  }),
);
export type CdmOptions = z.infer<typeof cdmOptions>;

function renamed(options: unknown): unknown {
  if (typeof options !== 'object' || options === null) return options;
  const { guidance, tokens, ...others }: { guidance?: unknown; tokens?: unknown } = options;
  const conditioning = tokens ?? guidance;
  return conditioning === undefined ? others : { ...others, conditioning };
}

export function defaults({ samples, scheduler, guidance }: CdmManifest): CdmOptions {
  return { samples, steps: scheduler.timesteps.length, conditioning: guidance };
}

/** What the panel says of the options. */
export function details({ samples, steps, conditioning }: CdmOptions, seed: number): Detail[] {
  const sampling = message('cdm/sampling-value', { samples, steps, seed });
  return [
    [message('cdm/sampling'), conditioning === 'diffusion' ? sampling : list([sampling, conditioning], ', ')],
  ];
}
