import * as z from 'zod';
import type { Precision } from '../bundle/fields';
import type { RoleId } from '../domains/Role';
import { SynthesisError } from '../errors';
import { message } from '../messages';
import type { Method, Options } from '../methods/Method';
import { type Dataset, items } from './Dataset';

/** Format of the record. */
const FORMAT = 'modality-synthesis-record/2';
/** Without a method: its options are among the other fields. */
const FORMAT_1 = 'modality-synthesis-record/1';

const text = z.string().min(1);
const count = z.number().int().positive();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** A bundle, down to its last weight: `sha256` is that of its bundle.json. */
const bundle = z.object({ id: text, version: text, name: text, sha256 });
export type BundleName = z.infer<typeof bundle>;

/** An input series; `sha256` is of its real-world values, float32 little endian in volume order. */
const source = z.object({ contrast: text, SeriesInstanceUID: text, images: count, sha256 });
export type SourceRecord = z.infer<typeof source>;

/**
 * Registration of a source: size of the motion and rigid transform (4x4, column-major) from its LPS mm to the
 * reference's. No transform: the source was aligned already.
 */
const registration = z.object({
  contrast: text,
  millimetres: z.number(),
  degrees: z.number(),
  transform: z.array(z.number()).length(16).optional(),
});
export type RegistrationRecord = z.infer<typeof registration>;

/** Provenance: everything needed to reproduce a series from its sources. */
const derivation = z.object({
  target: text,
  /** Of the target, by name, if its method has any. */
  parameters: z.record(z.string(), z.number()).optional(),
  sources: z.array(source).min(1),
  /** The source on whose grid the result lies. */
  reference: text,
  registration: z.array(registration).optional(),
  bundle,
  /** Found the brain. */
  brain: bundle,
  /** Synthesis method with its options. */
  method: z.object({ id: text, options: z.custom<Options>() }),
  seed: z.number().int().nonnegative(),
  runtime: z.enum(['onnxruntime-web', 'onnxruntime-node']),
  provider: z.enum(['cpu', 'wasm', 'webgpu']),
  precision: z.enum(['fp32', 'fp16']) satisfies z.ZodType<Precision>,
  softwareVersion: text,
});
export type Derivation = z.infer<typeof derivation>;

/**
 * The record as AlgorithmParameters (0066,0032): JSON in ASCII, because some readers ignore the character set
 * in sequences; at most 10240 characters (LT).
 */
export function recordText(made: Derivation): string {
  return JSON.stringify({ format: FORMAT, ...made }).replace(
    /[\u007f-\uffff]/g,
    c => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** They check the options in a record. */
type Methods = readonly Pick<Method, 'id' | 'options'>[];

/**
 * The record of an instance, by keyword, as dcmjs and OHIF hold it.
 * @param methods whose options are known
 * @param roles that are known
 * @returns undefined when the instance has none of ours
 * @throws SynthesisError `record-invalid` when it has one that cannot be read
 */
export function readRecord(
  instance: Dataset,
  methods: Methods,
  roles: readonly RoleId[],
): Derivation | undefined {
  const [written] = items(instance.DerivationAlgorithmSequence)
    .map(item => String(item.AlgorithmParameters ?? ''))
    .filter(parameters => parameters.includes('modality-synthesis-record/'));
  if (written === undefined) return undefined;
  const read = recordSchema(methods, roles).safeParse(upgraded(parseJson(written), methods));
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

function recordSchema(methods: Methods, roles: readonly RoleId[]) {
  const role = z.enum(roles);
  const [first, ...others] = methods.map(({ id, options }) => z.object({ id: z.literal(id), options }));
  return derivation.extend({
    format: z.literal(FORMAT),
    target: role,
    sources: z.array(source.extend({ contrast: role })).min(1),
    reference: role,
    registration: z.array(registration.extend({ contrast: role })).optional(),
    method: z.discriminatedUnion('id', [first, ...others]),
  });
}

/** Converts a record of format 1; its method is the one whose options match. */
function upgraded(json: unknown, methods: Methods): unknown {
  if (typeof json !== 'object' || json === null || !('format' in json) || json.format !== FORMAT_1)
    return json;
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
