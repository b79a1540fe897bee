import * as z from 'zod';
import { bundleFields, checkNetworks, positive } from '../bundle/fields';

/** The one network of the method `brain-extraction`. */
export const BRAIN_NETWORK = 'brain';

const percent = z.number().min(0).max(100);

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
  })
  .superRefine((m, context) => {
    const issue = (path: (string | number)[], message: string) =>
      context.addIssue({ code: 'custom', path, message });
    checkNetworks(m, [BRAIN_NETWORK], issue);
    if (m.grid.slab % m.grid.together) issue(['grid', 'slab'], 'must be a multiple of grid.together');
  });

export type BrainManifest = z.infer<typeof brainManifestSchema>;

/** What the extraction needs to know of a bundle. */
export type BrainRules = Pick<BrainManifest, 'grid' | 'input' | 'stripped_share'>;
