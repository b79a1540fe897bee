import * as z from 'zod/mini';
import { bundleFields, checkNetworks, positive } from '../../../bundle/fields';
import { ROLE_IDS } from '../roles';

/** The one network of the method `brain-extraction`. */
export const BRAIN_NETWORK = 'brain';

const percent = z.number().check(z.gte(0), z.lte(100));

const knots = z.array(z.number()).check(z.minLength(2));
const surfaceSchema = z
  .strictObject({
    /** Radius of the narrow band around the surface that is classified again, voxels. */
    reach: z.int().check(z.positive()),
    /** Intensities, ascending from 0; 1 is the median inside the brain. */
    knots,
    bias: z.number(),
    /** Coefficients of the logit of the probability and of the share of brain in the cube of edge 5. */
    probability: z.number(),
    around: z.number(),
    /** Log odds at the knots: of the voxel, and of the mean, minimum and maximum filters of edges 3 and 5. */
    curves: z.strictObject({
      voxel: knots,
      mean_3: knots,
      least_3: knots,
      most_3: knots,
      mean_5: knots,
      least_5: knots,
      most_5: knots,
    }),
  })
  .check(
    z.refine(s => s.knots.every((x, i) => (i ? x > s.knots[i - 1] : x === 0)), {
      path: ['knots'],
      error: 'must ascend from 0',
    }),
    z.refine(s => Object.values(s.curves).every(curve => curve.length === s.knots.length), {
      path: ['curves'],
      error: 'must have a value for each knot',
    }),
  );

/** bundle.json of the method `brain-extraction`; the only definition of its format. */
export const brainManifestSchema = z
  .strictObject({
    ...bundleFields,
    method: z.literal('brain-extraction'),
    domain: z.literal('brain-mr'),
    roles: z.array(z.enum(ROLE_IDS)).check(z.minLength(1)),
    /**
     * `together`: neighbouring slices that one output of the network covers; `planes`: its input slices,
     * relative to the first of these.
     */
    grid: z.extend(bundleFields.grid, {
      together: z._default(z.int().check(z.positive()), 1),
      planes: z.array(z.int()).check(z.minLength(1)),
    }),
    /** Intensity normalization of one contrast (normalizeIntensity.ts). */
    input: z.strictObject({
      peak_percentile: percent,
      foreground: z.number().check(z.gte(0), z.lt(1)),
      bright_percentile: percent,
      ceiling: positive,
    }),
    /** Share of brain in the support of one source above which it counts as skull-stripped. */
    stripped_share: z.number().check(z.positive(), z.lte(1)),
    /** Surface correction (surface.ts); optional. */
    surface: z.optional(surfaceSchema),
  })
  .check(
    z.superRefine((m, context) => {
      const issue = (path: (string | number)[], message: string) =>
        context.addIssue({ code: 'custom', path, message });
      checkNetworks(m, [BRAIN_NETWORK], issue);
      if (m.grid.slab % m.grid.together) issue(['grid', 'slab'], 'must be a multiple of grid.together');
    }),
  );

export type BrainManifest = z.infer<typeof brainManifestSchema>;

/** The part of the manifest that the extraction uses. */
export type BrainRules = Pick<BrainManifest, 'grid' | 'input' | 'stripped_share' | 'surface'>;
export type SurfaceRules = z.infer<typeof surfaceSchema>;
