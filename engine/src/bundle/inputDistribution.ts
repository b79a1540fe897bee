import * as z from 'zod/mini';

const positive = z.number().check(z.positive());

/** A group of features over the patients: of one source, of two, or of the region. */
const groupSchema = z
  .strictObject({
    /**
     * `limit`: of the features that count alone, the largest usual deviation from the centre, in scales.
     * `below`: a deviation above the centre is no fault.
     */
    features: z.record(
      z.string(),
      z.strictObject({
        centre: z.number(),
        scale: positive,
        limit: z.optional(positive),
        below: z.optional(z.boolean()),
      }),
    ),
    /**
     * Lower triangular, row by row, of the first of `features`; applied to them, standardized, it gives a
     * vector whose length is the Mahalanobis distance. The features after these count alone only.
     */
    whitening: z.array(z.array(z.number())),
    /** Largest usual Mahalanobis distance. */
    limit: positive,
  })
  .check(
    z.refine(
      ({ features, whitening }) =>
        whitening.length <= Object.keys(features).length &&
        whitening.every((row, n) => row.length === n + 1 && row[n] > 0),
      {
        path: ['whitening'],
        error: 'must be a lower triangle over the first features with a positive diagonal',
      },
    ),
  );

/** `input_distribution` in bundle.json: what inputs the model's patients have (docs/doubt.md). */
export const inputDistributionSchema = z.strictObject({
  /** Number of patients. */
  patients: z.int().check(z.positive()),
  /** Share of them that is usual, percent. */
  percentile: z.number().check(z.gte(50), z.lte(100)),
  /** By a role, two in alphabetical order with a plus, or `region`. */
  groups: z.record(z.string(), groupSchema),
  /**
   * Other roles that sources may have instead of their own, and the largest usual evidence for it: how much
   * -2 log likelihood falls with them.
   */
  confusions: z.array(
    z.strictObject({ roles: z.record(z.string(), z.string()), evidence: z.number().check(z.nonnegative()) }),
  ),
});

export type InputDistribution = z.infer<typeof inputDistributionSchema>;
export type GroupDistribution = z.infer<typeof groupSchema>;
