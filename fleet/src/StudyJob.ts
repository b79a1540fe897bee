import { createHash } from 'node:crypto';
import * as z from 'zod/mini';

const uid = z.string().check(z.regex(/^[0-9.]{1,64}$/));
const sha256 = z.string().check(z.regex(/^[0-9a-f]{64}$/));
const role = z.string().check(z.regex(/^[a-z0-9]+$/));

/** How studies are completed: everything of a record that is not the study's own. */
const settings = z.object({
  /** With the parameters that were given: what a study tells of the others differs from study to study. */
  targets: z
    .array(z.object({ id: role, parameters: z.optional(z.record(z.string(), z.number())) }))
    .check(z.minLength(1)),
  /** Only these may be sources; every acquired one by default. */
  sources: z.optional(z.array(role)),
  reference: z.optional(role),
  /** SHA-256 of the bundles' bundle.json; a worker must have the same. */
  bundle: sha256,
  region: sha256,
  method: z.object({ id: z.string(), options: z.record(z.string(), z.union([z.number(), z.string()])) }),
  seed: z.int(),
  precision: z.enum(['fp32', 'fp16']),
  /** Go on where the preflight is amber. */
  acceptWarnings: z.boolean(),
});
export type Settings = z.infer<typeof settings>;

/** One study in the queue. UIDs, codes and settings: nothing else of a patient. */
export const studyJob = z.object({
  /** StudyInstanceUID */
  study: uid,
  /** DICOMweb root of its archive, without a trailing slash. */
  pacs: z.url(),
  settings,
  /** When a worker first began it, ISO 8601: the time that its series bears, whoever completes it. */
  begun: z.optional(z.string()),
});
export type StudyJob = z.infer<typeof studyJob>;

/** How a study ended, unless it failed. */
export const outcome = z.discriminatedUnion('state', [
  z.object({
    /** Made now, or found in the archive, made before with the same bundle, sources and settings. */
    state: z.enum(['made', 'present']),
    series: z.array(z.object({ target: role, SeriesInstanceUID: uid })),
    /** How long each stage took, s, from `retrieve` to `store`, those of the engine between. */
    seconds: z.optional(z.record(z.string(), z.number())),
  }),
  /** By the engine: the study itself is why, and trying again is no use. */
  z.object({ state: z.literal('refused'), code: z.string().check(z.regex(/^[a-z0-9-]+$/)) }),
]);
export type Outcome = z.infer<typeof outcome>;
export type MadeOutcome = Extract<Outcome, { state: 'made' | 'present' }>;

/** The same study with the same settings is the same job. */
export function jobId({ study, pacs, settings }: StudyJob): string {
  const identity = JSON.stringify(sorted({ study, pacs, settings }));
  return `study-${createHash('sha256').update(identity).digest('hex').slice(0, 40)}`;
}

/** With the keys of every object in order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(
    entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, field]) => [key, sorted(field)]),
  );
}
