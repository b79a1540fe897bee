import * as z from 'zod/mini';

const count = z.int().check(z.positive());
const roles = z.array(z.string()).check(z.minLength(1));
const rising = z.array(z.number()).check(
  z.minLength(1),
  z.refine(values => values.every((v, i) => i === 0 || v >= values[i - 1]), 'must not fall'),
);
const correlation = z.number().check(z.gte(-1), z.lte(1));

/**
 * What the self-check (pipeline/selfCheck.ts) gave on patients that the bundle was not trained on; made by
 * `python -m synthesis.common.check_bundle`.
 */
export const checkFields = z.strictObject({
  definition: z.string(),
  /**
   * Of each target and set of sources, rising: psnr in dB, ssim, mae of the range; and `lesion`, the mae in
   * the lesion of those patients in whom the model found one, where they were enough.
   */
  figures: z.array(
    z.strictObject({
      target: z.string(),
      sources: roles,
      psnr: rising,
      ssim: rising,
      mae: rising,
      lesion: z.optional(rising),
    }),
  ),
  /**
   * By the missing role: Spearman's correlation of the check's mean rank with the true error of that role,
   * its 95 % interval, and the number of patients.
   */
  foresight: z.record(
    z.string(),
    z.strictObject({ spearman: correlation, interval: z.tuple([correlation, correlation]), patients: count }),
  ),
});
export type BundleCheck = z.infer<typeof checkFields>;
export type Foresight = BundleCheck['foresight'][string];
