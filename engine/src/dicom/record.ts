import * as z from 'zod';
import type { Precision } from '../bundle/fields';
import { CONTRASTS } from '../contrast/Contrast';
import { SynthesisError } from '../errors';
import { message } from '../messages';
import type { Method, Options } from '../methods/Method';
import { type Dataset, items } from './Dataset';

/** Says which of our formats a record has; another version is not guessed at. */
const FORMAT = 'modality-synthesis-record/2';
/** Named no method: the options of the one there was stood among the other fields. */
const FORMER = 'modality-synthesis-record/1';

const text = z.string().min(1);
const count = z.number().int().positive();
const contrast = z.enum(CONTRASTS);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** A bundle, down to its last weight: `sha256` is that of its bundle.json. */
const bundle = z.object({ id: text, version: text, name: text, sha256 });
export type BundleName = z.infer<typeof bundle>;

/** A series that was read; `sha256` is that of its real-world values as float32, little-endian, in the order of the volume. */
const source = z.object({ contrast, SeriesInstanceUID: text, images: count, sha256 });
export type SourceRecord = z.infer<typeof source>;

/**
 * A source that was moved before it was used: how far, and by which rigid transform (4x4, column-major) from its own LPS
 * millimetres to the reference's. Without a transform it was looked at and left where it was.
 */
const registration = z.object({
  contrast,
  millimetres: z.number(),
  degrees: z.number(),
  transform: z.array(z.number()).length(16).optional(),
});
export type RegistrationRecord = z.infer<typeof registration>;

/** How a series came to be: everything that is needed to make it again from its sources. */
const derivation = z.object({
  target: contrast,
  /** Of the target, by name, where its method has any. */
  parameters: z.record(z.string(), z.number()).optional(),
  sources: z.array(source).min(1),
  /** The source on whose grid the result lies. */
  reference: contrast,
  registration: z.array(registration).optional(),
  bundle,
  /** Found the brain. */
  brain: bundle,
  /** What made the contrast, and with which of its options. */
  method: z.object({ id: text, options: z.custom<Options>() }),
  seed: z.number().int().nonnegative(),
  runtime: z.enum(['onnxruntime-web', 'onnxruntime-node']),
  provider: z.enum(['cpu', 'wasm', 'webgpu']),
  precision: z.enum(['fp32', 'fp16']) satisfies z.ZodType<Precision>,
  softwareVersion: text,
});
export type Derivation = z.infer<typeof derivation>;

/**
 * The record as AlgorithmParameters (0066,0032) holds it: JSON in ASCII, since not every reader minds the character set
 * within a sequence; at most the 10240 characters of an LT.
 */
export function recordText(made: Derivation): string {
  return JSON.stringify({ format: FORMAT, ...made }).replace(
    /[\u007f-\uffff]/g,
    c => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Whoever checks the options in a record. */
type Methods = readonly Pick<Method, 'id' | 'options'>[];

/**
 * The record of an instance, by keyword, as dcmjs and OHIF hold it.
 * @param methods whose options are known
 * @returns undefined when the instance has none of ours
 * @throws SynthesisError `record-invalid` when it has one that cannot be read
 */
export function readRecord(instance: Dataset, methods: Methods): Derivation | undefined {
  const [written] = items(instance.DerivationAlgorithmSequence)
    .map(item => String(item.AlgorithmParameters ?? ''))
    .filter(parameters => parameters.includes('modality-synthesis-record/'));
  if (written === undefined) return undefined;
  const read = recordSchema(methods).safeParse(withMethod(parseJson(written), methods));
  if (!read.success) {
    const [{ path, message: reason }] = read.error.issues;
    throw new SynthesisError(
      'record-invalid',
      message('record/unreadable', { path: path.join('.') || message('record/whole'), reason }),
    );
  }
  const { format: _, ...made } = read.data;
  return made;
}

function recordSchema(methods: Methods) {
  const [first, ...others] = methods.map(({ id, options }) => z.object({ id: z.literal(id), options }));
  return derivation.extend({
    format: z.literal(FORMAT),
    method: z.discriminatedUnion('id', [first, ...others]),
  });
}

/** A record of the former format as one of this; its method is the one that knows the options that it has. */
function withMethod(json: unknown, methods: Methods): unknown {
  if (typeof json !== 'object' || json === null || !('format' in json) || json.format !== FORMER) return json;
  const { format: _, ...fields } = json;
  const isCommon = ([name]: [string, unknown]) => name in derivation.shape;
  const all = Object.entries(fields);
  const options = Object.fromEntries(all.filter(field => !isCommon(field)));
  const { id } = methods.find(method => method.options.safeParse(options).success) ?? methods[0];
  return { ...Object.fromEntries(all.filter(isCommon)), format: FORMAT, method: { id, options } };
}

/** "4 samples", "10 steps": the options of a record that count something. */
export function counts({ method }: Pick<Derivation, 'method'>): string[] {
  return Object.entries(method.options).flatMap(([name, n]) =>
    Number.isInteger(n) ? [`${n} ${n === 1 ? name.replace(/s$/, '') : name}`] : [],
  );
}

function parseJson(written: string): unknown {
  try {
    return JSON.parse(written);
  } catch {
    return undefined;
  }
}
