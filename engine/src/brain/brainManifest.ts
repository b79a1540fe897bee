import * as z from 'zod';
import { bundleFields, checkNetworks, positive } from '../bundle/fields';

/** The one network of the method `brain-extraction`. */
export const BRAIN_NETWORK = 'brain';

const percent = z.number().min(0).max(100);

const knots = z.array(z.number()).min(2);
const surfaceSchema = z
  .strictObject({
    /** Voxels this near to the surface, on either side, are judged again. */
    reach: z.number().int().positive(),
    /** Intensities, ascending from 0; 1 is the median in the brain. */
    knots,
    bias: z.number(),
    /** Of the logit of the network's probability, and of the share of brain in the cube of 5 voxels. */
    probability: z.number(),
    around: z.number(),
    /** Log odds at the knots: of the voxel's intensity, and of mean, least and most in the cubes of 3 and 5 voxels around it. */
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
  .refine(s => s.knots.every((x, i) => (i ? x > s.knots[i - 1] : x === 0)), {
    path: ['knots'],
    error: 'must ascend from 0',
  })
  .refine(s => Object.values(s.curves).every(curve => curve.length === s.knots.length), {
    path: ['curves'],
    error: 'must have a value for each knot',
  });

/** bundle.json of the method `brain-extraction`: the only place where its format is defined. */
export const brainManifestSchema = z
  .strictObject({
    ...bundleFields,
    method: z.literal('brain-extraction'),
    /**
     * `together`: neighbouring slices that the network finds at once; `planes`: what it sees of them, as distances in slices
     * from the first of them.
     */
    grid: bundleFields.grid.extend({
      together: z.number().int().positive().default(1),
      planes: z.array(z.number().int()).min(1),
    }),
    /** How one contrast of a head is scaled (see scaleHead.ts). */
    input: z.strictObject({
      peak_percentile: percent,
      foreground: z.number().min(0).lt(1),
      bright_percentile: percent,
      ceiling: positive,
    }),
    /** A larger share of the head than this found to be brain means that the skull was removed before (see stripped.ts). */
    stripped_share: z.number().positive().max(1),
    /** How the surface is corrected (see surface.ts); without it the mask stays as the network finds it. */
    surface: surfaceSchema.optional(),
  })
  .superRefine((m, context) => {
    const issue = (path: (string | number)[], message: string) =>
      context.addIssue({ code: 'custom', path, message });
    checkNetworks(m, [BRAIN_NETWORK], issue);
    if (m.grid.slab % m.grid.together) issue(['grid', 'slab'], 'must be a multiple of grid.together');
  });

export type BrainManifest = z.infer<typeof brainManifestSchema>;

/** What the extraction needs to know of a bundle. */
export type BrainRules = Pick<BrainManifest, 'grid' | 'input' | 'stripped_share' | 'surface'>;
export type SurfaceRules = z.infer<typeof surfaceSchema>;
