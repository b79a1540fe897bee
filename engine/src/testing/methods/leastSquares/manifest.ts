import * as z from 'zod/mini';
import { synthesisFields } from '../../../bundle/fields';
import { ROLE_IDS } from '../../../domains';

/**
 * How well one contrast follows from another: target = slope * source + offset, and the mean error of that.
 */
const fit = z.strictObject({
  slope: z.number(),
  offset: z.number(),
  error: z.number().check(z.nonnegative()),
});

/** bundle.json of the method `least-squares`. */
export const leastSquaresManifest = z.strictObject({
  ...synthesisFields,
  method: z.literal('least-squares'),
  /** By target, then by source. */
  fits: z.partialRecord(z.enum(ROLE_IDS), z.partialRecord(z.enum(ROLE_IDS), fit)),
});
export type LeastSquaresManifest = z.infer<typeof leastSquaresManifest>;
