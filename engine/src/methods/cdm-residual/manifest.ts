import * as z from 'zod';
import { checkNetworks, count, synthesisFields } from '../../bundle/fields';

/** bundle.json of the method `cdm-residual`: the only place where its format is defined. */
export const residualManifestSchema = z
  .strictObject({
    ...synthesisFields,
    method: z.literal('cdm-residual'),
    roles: synthesisFields.roles.min(2),
    /** `neighbours`: slices on each side of a slice that the networks see. */
    grid: synthesisFields.grid.extend({ neighbours: count }),
    /** C-UNets whose mean is the result. */
    members: count,
    /** Channels of the networks' output `lesion`, which are probabilities; the first is no lesion. */
    lesions: z.array(z.string()).min(2),
    /** By target: where a lesion is more probable than this, something cannot be told; `text` says what. */
    indeterminate: z
      .record(z.string(), z.strictObject({ above: z.number().min(0).lt(1), text: z.string().min(1) }))
      .optional(),
    /** The expected absolute error is factor[target] times the networks' own guess. */
    uncertainty: z.strictObject({ factor: z.record(z.string(), z.number().nonnegative()) }),
  })
  .superRefine((m, context) => {
    const issue = (path: (string | number)[], message: string) =>
      context.addIssue({ code: 'custom', path, message });
    for (const role of m.roles) {
      if (m.uncertainty.factor[role] === undefined) issue(['uncertainty', 'factor', role], 'is missing');
    }
    if (m.grid.size.some(n => n % 2)) issue(['grid', 'size'], 'must be even');
    checkNetworks(m, networkNames(m.members), issue);
  });

export type ResidualManifest = z.infer<typeof residualManifestSchema>;

/** The networks of a bundle, one a member. */
export function networkNames(members: number): string[] {
  return Array.from({ length: members }, (_, n) => `cunet-${n}`);
}
