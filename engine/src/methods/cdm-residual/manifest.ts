import * as z from 'zod/mini';
import { checkNetworks, count, synthesisFields } from '../../bundle/fields';

/** bundle.json of the method `cdm-residual`: the only place where its format is defined. */
export const residualManifestSchema = z
  .strictObject({
    ...synthesisFields,
    method: z.literal('cdm-residual'),
    roles: synthesisFields.roles.check(z.minLength(2)),
    /** `neighbours`: slices on each side of a slice that the networks see. */
    grid: z.extend(synthesisFields.grid, { neighbours: count }),
    /** C-UNets whose mean is the result. */
    members: count,
    /** Channels of the networks' output `lesion`, which are probabilities; the first is no lesion. */
    lesions: z.array(z.string()).check(z.minLength(2)),
    /** By target: where a lesion is more probable than this, something cannot be told; `text` says what. */
    indeterminate: z.optional(
      z.record(
        z.string(),
        z.strictObject({
          above: z.number().check(z.gte(0), z.lt(1)),
          text: z.string().check(z.minLength(1)),
        }),
      ),
    ),
    /** The expected absolute error is factor[target] times the networks' own guess. */
    uncertainty: z.strictObject({ factor: z.record(z.string(), z.number().check(z.nonnegative())) }),
  })
  .check(
    z.superRefine((m, context) => {
      const issue = (path: (string | number)[], message: string) =>
        context.addIssue({ code: 'custom', path, message });
      for (const role of m.roles) {
        if (m.uncertainty.factor[role] === undefined) issue(['uncertainty', 'factor', role], 'is missing');
      }
      if (m.grid.size.some(n => n % 2)) issue(['grid', 'size'], 'must be even');
      checkNetworks(m, networkNames(m.members), issue);
    }),
  );

export type ResidualManifest = z.infer<typeof residualManifestSchema>;

/** The networks of a bundle, one a member. */
export function networkNames(members: number): string[] {
  return Array.from({ length: members }, (_, n) => `cunet-${n}`);
}
