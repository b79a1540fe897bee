import * as z from 'zod/mini';
import { checkNetworks, count, lesionFields, positive, synthesisFields } from '../../bundle/fields';

const levels = z.record(z.string(), z.number());
const factors = z.record(z.string(), z.number().check(z.nonnegative()));

/** Most paths and cascades of a job. */
export const MOST = { paths: 16, cascades: 4 } as const;

/** bundle.json of the method `cmdm`: the only place where its format is defined. */
export const cmdmManifestSchema = z
  .strictObject({
    ...synthesisFields,
    ...lesionFields,
    method: z.literal('cmdm'),
    roles: synthesisFields.roles.check(z.minLength(2)),
    /** `neighbours`: slices on each side of a slice that the networks see. */
    grid: z.extend(synthesisFields.grid, { neighbours: count }),
    /** The standard deviation of the residual over the error that the prior expects. */
    deviation: positive,
    /** Noise levels of patients by role: natural logarithms, normally distributed (noiseLevel.ts). */
    noise_level: z.strictObject({ mean: levels, covariance: z.record(z.string(), levels) }),
    /** The usual number of paths in a cascade, and of cascades. */
    paths: count.check(z.lte(MOST.paths)),
    cascades: count.check(z.lte(MOST.cascades)),
    /** Share of signal variance at each step of a path; at the first, what is left of the prior. */
    alpha_bar: z.array(z.number().check(z.gt(0), z.lt(1))).check(z.minLength(2)),
    /**
     * The expected absolute error is paths[target] times the paths' standard deviation; with one path,
     * prior[target] times the prior's own guess.
     */
    uncertainty: z.strictObject({ paths: factors, prior: factors }),
  })
  .check(
    z.superRefine((m, context) => {
      const issue = (path: (string | number)[], message: string) =>
        context.addIssue({ code: 'custom', path, message });
      for (const [name, factor] of Object.entries(m.uncertainty)) {
        for (const role of m.roles) {
          if (factor[role] === undefined) issue(['uncertainty', name, role], 'is missing');
        }
      }
      const { mean, covariance } = m.noise_level;
      for (const role of m.roles) {
        if (mean[role] === undefined) issue(['noise_level', 'mean', role], 'is missing');
        for (const other of m.roles) {
          if (covariance[role]?.[other] === undefined)
            issue(['noise_level', 'covariance', role, other], 'is missing');
        }
      }
      if (m.grid.size.some(n => n % 2)) issue(['grid', 'size'], 'must be even');
      checkNetworks(m, [PRIOR, REFINE], issue);
    }),
  );

export type CmdmManifest = z.infer<typeof cmdmManifestSchema>;

/** The C-UNet, as in a bundle of `cdm`. */
export const PRIOR = 'cunet-0';

/** Denoises the residual. */
export const REFINE = 'refine';
