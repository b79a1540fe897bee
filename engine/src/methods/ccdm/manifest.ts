import * as z from 'zod/mini';
import { checkNetworks, count, positive, synthesisFields } from '../../bundle/fields';

const share = z.number().check(z.gt(0), z.lt(1));

/** bundle.json of the method `ccdm`: the only place where its format is defined. */
export const ccdmManifestSchema = z
  .strictObject({
    ...synthesisFields,
    method: z.literal('ccdm'),
    /** `neighbours`: slices on each side of a slice that the network sees. */
    grid: z.extend(synthesisFields.grid, { neighbours: count }),
    /** Without agent, and with a smaller dose of it: in the order of the network's channels. */
    sources: z.tuple([z.string(), z.string()]),
    /** With the full dose. */
    target: z.string(),
    /** Shares of the full dose: the smallest that a source may have, and the one unless another is told. */
    dose: z.strictObject({ least: share, usual: share }),
    /** What less than the full dose shows (`simulateDose.ts`); the sequence in seconds and degrees. */
    simulation: z.strictObject({
      repetition: positive,
      flip: z.number().check(z.gt(0), z.lte(90)),
      /** T1 without agent, seconds. */
      rest: positive,
      /** Intensity of the scanner's zero. */
      no_signal: z.number(),
      /** Least intensity of a T1 over it that enhancement is related to. */
      darkest: positive,
      /** Largest signal, relative to complete relaxation. */
      saturated: share,
    }),
    /** The expected absolute error is the factor times the network's own guess. */
    uncertainty: z.strictObject({ factor: positive }),
    /** Share of signal variance at each step of the sampler. */
    alpha_bar: z.array(share).check(z.minLength(2)),
  })
  .check(
    z.superRefine((m, context) => {
      const issue = (path: (string | number)[], message: string) =>
        context.addIssue({ code: 'custom', path, message });
      for (const [n, role] of m.sources.entries()) {
        if (!m.roles.includes(role)) issue(['sources', n], 'must be one of the roles');
      }
      if (!m.roles.includes(m.target)) issue(['target'], 'must be one of the roles');
      if (m.dose.usual < m.dose.least) issue(['dose', 'usual'], 'must not be less than the least');
      checkNetworks(m, [NETWORK], issue);
    }),
  );

export type CcdmManifest = z.infer<typeof ccdmManifestSchema>;

/** Of T1, the low-dose T1ce and the dose. */
export const NETWORK = 'dose';
