import * as z from 'zod/mini';
import {
  checkNetworks,
  count,
  type Issue,
  lesionFields,
  positive,
  synthesisFields,
} from '../../bundle/fields';

const EARLIER = 'it is of an earlier version, which this software does not run';

const share = z.number().check(z.gt(0), z.lt(1));

/** How MDN samples the residual of the mean, on cells of voxels: models/training, export_diffusion.py. */
const diffusion = z.strictObject({
  cell: z.strictObject({ slices: count, pixels: count, least_share: share }),
  /** Cells along k that MDN takes at once; those that a brain does not need are empty. */
  keys: count,
  /** Intensities are (v - level) / spread for MDN, expected errors v / error. */
  units: z.strictObject({ level: positive, spread: positive, error: positive }),
  /** By target: the root mean square of the residual over its expected error. */
  spread: z.record(z.string(), positive),
  /** Of the noise in neighbouring cells along k. */
  correlation: share,
  timesteps: z.array(z.int().check(z.nonnegative())).check(z.minLength(2)),
  alpha_bar: z.array(share),
  embedding: z.strictObject({ size: count.check(z.multipleOf(2)), max_period: positive }),
});
export type Diffusion = z.infer<typeof diffusion>;

/** bundle.json of the method `cdm`: the only place where its format is defined. */
export const cdmManifestSchema = z
  .strictObject({
    // Of version 0 alone; first, so that it is the field that is named.
    guidance: z.optional(z.never({ error: EARLIER })),
    ...synthesisFields,
    method: z.literal('cdm'),
    roles: synthesisFields.roles.check(z.minLength(2)),
    /** `neighbours`: slices on each side of a slice that the networks see. */
    grid: z.extend(synthesisFields.grid, { neighbours: count }),
    /** C-UNets whose mean is the result. */
    members: count,
    ...lesionFields,
    /** The expected absolute error is factor[target] times the networks' own guess. */
    uncertainty: z.strictObject({ factor: z.record(z.string(), z.number().check(z.nonnegative())) }),
    /** Without it there are no samples. */
    diffusion: z.optional(diffusion),
  })
  .check(
    z.superRefine((m, context) => {
      const issue = (path: (string | number)[], message: string) =>
        context.addIssue({ code: 'custom', path, message });
      for (const role of m.roles) {
        if (m.uncertainty.factor[role] === undefined) issue(['uncertainty', 'factor', role], 'is missing');
      }
      if (m.grid.size.some(n => n % 2)) issue(['grid', 'size'], 'must be even');
      if (m.diffusion) checkDiffusion(m.diffusion, m, issue);
      checkNetworks(m, [...networkNames(m.members), ...(m.diffusion ? SAMPLING : [])], issue);
    }),
  );

export type CdmManifest = z.infer<typeof cdmManifestSchema>;

function checkDiffusion(
  { cell, spread, timesteps, alpha_bar }: Diffusion,
  { grid, roles }: { grid: { size: readonly number[] }; roles: readonly string[] },
  issue: Issue,
): void {
  for (const role of roles) if (!spread[role]) issue(['diffusion', 'spread', role], 'is missing');
  if (grid.size.some(n => n % cell.pixels)) issue(['grid', 'size'], 'must be a multiple of a cell');
  if (alpha_bar.length !== timesteps.length) {
    issue(['diffusion', 'alpha_bar'], 'must have one value a timestep');
  }
}

/** MRM and the two networks of MDN. */
export const SAMPLING = ['mrm', 'mdn-condition', 'mdn'] as const;

/** The networks of a bundle that make the mean, one a member. */
export function networkNames(members: number): string[] {
  return Array.from({ length: members }, (_, n) => `cunet-${n}`);
}
