import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod/mini';
import { NODE_PROVIDERS } from '../backends/Backend';
import { PRECISIONS } from '../bundle/fields';
import { ROLE_IDS } from '../domains';
import { SynthesisError } from '../errors';
import type { Options } from '../methods/Method';

const count = z.int().check(z.positive());
const file = z.string().check(z.minLength(1));

/**
 * One job of an evaluation: normalized volumes in, prediction out, all in files. What else it has are options
 * of the method.
 */
const jobSchema = z.object({
  /** Folder of the bundle. */
  bundle: file,
  precision: z._default(z.enum(PRECISIONS), 'fp32'),
  provider: z._default(z.enum(NODE_PROVIDERS), 'cpu'),
  /** Of the cpu provider; default: every core. */
  threads: z.optional(count),
  /**
   * float32, little endian, [roles of the bundle, Z, H, W] on the bundle's grid, normalized, C order: row
   * 0 anterior, column 0 on the patient's right, slice 0 at the feet.
   */
  input: z.strictObject({ file, dims: z.tuple([count, count, count, count]) }),
  /** uint8 [Z, H, W], 1 in the region. */
  brain: file,
  sources: z.array(z.enum(ROLE_IDS)).check(z.minLength(1)),
  targets: z.array(z.enum(ROLE_IDS)).check(z.minLength(1)),
  /** Only these slices are synthesized, to save time; default: all. */
  slices: z.optional(z.array(z.int().check(z.nonnegative())).check(z.minLength(1))),
  seed: z.int().check(z.nonnegative()),
  /** Whether the uncertainty is wanted too. */
  uncertainty: z._default(z.boolean(), true),
  /**
   * Results go to `<output>.mean.f32`, and so on with `spread` and what else is known of the uncertainty of
   * all targets: float32 [targets, Z, H, W].
   */
  output: file,
});

export interface EvaluationJob extends z.infer<typeof jobSchema> {
  options: Options;
}

/**
 * Reads a JSON list of jobs; paths in it are relative to the list's own folder.
 * @throws SynthesisError `configuration-invalid`, naming the first bad field
 */
export async function readJobs(list: string): Promise<EvaluationJob[]> {
  const refuse = (what: string, cause?: unknown) =>
    new SynthesisError('configuration-invalid', `The list of jobs ${list} ${what}.`, { cause });
  let json: unknown;
  try {
    json = JSON.parse(await readFile(list, 'utf8'));
  } catch (thrown) {
    throw refuse('cannot be read as JSON', thrown);
  }
  const { data, error } = z.array(z.looseObject(jobSchema.shape)).safeParse(json);
  if (error) {
    const [{ path: at, message }] = error.issues;
    throw refuse(`is not valid at “${at.join('.') || '(root)'}”: ${message}`, error);
  }
  const absolute = (name: string) => path.resolve(path.dirname(list), name);
  return data.map(all => {
    const job = jobSchema.parse(all);
    return {
      ...job,
      options: Object.fromEntries(Object.entries(all).filter(([name]) => !(name in job))),
      bundle: path.join(absolute(job.bundle), path.sep),
      input: { ...job.input, file: absolute(job.input.file) },
      brain: absolute(job.brain),
      output: absolute(job.output),
    };
  });
}
