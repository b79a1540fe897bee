import * as z from 'zod/mini';
import type { Precision } from '../bundle/fields';
import type { Domain } from '../domains/Domain';
import { SynthesisError } from '../errors';
import { message } from '../messages';
import type { Method, Options } from '../methods/Method';
import { type Dataset, items } from './Dataset';

/** Format of the record. */
const FORMAT = 'modality-synthesis-record/3';
/** Names no domain, since there was but one, and has other names. */
const FORMAT_2 = 'modality-synthesis-record/2';
/** Without a method either: its options are among the other fields. */
const FORMAT_1 = 'modality-synthesis-record/1';

const text = z.string().check(z.minLength(1));
const count = z.int().check(z.positive());
/** Slices of the reference, counted from 1 along its volume; both ends are meant. */
const slices = z.object({ from: count, to: count });

const sha256 = z.string().check(z.regex(/^[0-9a-f]{64}$/));

/** A bundle, down to its last weight: `sha256` is that of its bundle.json. */
const bundle = z.object({ id: text, version: text, name: text, sha256 });
export type BundleName = z.infer<typeof bundle>;

/**
 * An input series; `instances` where its images are frames of fewer instances, `uids` as `hashOfImages`
 * (records before have none, and their images refer to all images of the sources), `sha256` of its real-world
 * values, float32 little endian in volume order.
 */
const source = z.object({
  role: text,
  SeriesInstanceUID: text,
  images: count,
  instances: z.optional(count),
  uids: z.optional(sha256),
  sha256,
});
export type SourceRecord = z.infer<typeof source>;

/**
 * Registration of a source: size of the motion and rigid transform (4x4, column-major) from its LPS mm to the
 * reference's. No transform: the source was aligned already.
 */
const registration = z.object({
  role: text,
  millimetres: z.number(),
  degrees: z.number(),
  transform: z.optional(z.array(z.number()).check(z.length(16))),
});
export type RegistrationRecord = z.infer<typeof registration>;

const rank = z.object({ worseThan: z.int().check(z.nonnegative()), of: count });
/** A figure of the self-check, and how many of the bundle's patients had a better one. */
const figure = z.object({
  value: z.number(),
  rank: z.optional(rank),
});

/**
 * A source that was made again from the others: psnr in dB, ssim, mae of the acquired image's range, and that
 * where the model finds a lesion.
 */
const checked = z.object({
  role: text,
  sources: z.array(text).check(z.minLength(1)),
  psnr: figure,
  ssim: figure,
  mae: figure,
  lesion: z.optional(z.object({ mae: z.number(), millilitres: z.number(), rank: z.optional(rank) })),
});
export type CheckedSource = z.infer<typeof checked>;

/** The server that ran the networks, and the version of its model. */
const server = z.object({ url: text, software: text, model: text, version: text, datatype: text });

/** Provenance: everything needed to reproduce a series from its sources. */
const derivation = z.object({
  /** Id of the domain. */
  domain: text,
  target: text,
  /** Of the target, by name, if its method has any. */
  parameters: z.optional(z.record(z.string(), z.number())),
  /** What the bundle says must be known of this target, an English sentence. */
  caution: z.optional(text),
  /** Expected volumes of lesions that the model holds for probable, mL; no measurement. */
  lesions: z.optional(z.object({ any: z.number(), enhancing: z.optional(z.number()) })),
  sources: z.array(source).check(z.minLength(1)),
  /** The source on whose grid the result lies. */
  reference: text,
  registration: z.optional(z.array(registration)),
  bundle,
  /** Found the region. */
  region: bundle,
  /** Where not all were made. */
  slices: z.optional(slices),
  /** Synthesis method with its options. */
  method: z.object({ id: text, options: z.custom<Options>() }),
  seed: z.int().check(z.nonnegative()),
  runtime: z.enum(['onnxruntime-web', 'onnxruntime-node', 'open-inference-protocol']),
  provider: z.enum(['cpu', 'wasm', 'webgpu', 'server']),
  precision: z.enum(['fp32', 'fp16']) satisfies z.ZodMiniType<Precision>,
  /** Where the networks did not run on the machine of the viewer. */
  server: z.optional(server),
  softwareVersion: text,
  /** Of the self-check, if there was one before the series was stored; no part of how it was made. */
  check: z.optional(z.array(checked)),
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
type Methods = readonly Pick<Method, 'id' | 'options' | 'earlierOptions'>[];
/** They check its roles; old records are of the first. */
type Domains = readonly Pick<Domain, 'id' | 'roles'>[];

/**
 * The record of an instance, by keyword, as dcmjs and OHIF hold it.
 * @param methods whose options are known
 * @param domains whose roles are known
 * @returns undefined when the instance has none of ours
 * @throws SynthesisError `record-invalid` when it has one that cannot be read
 */
export function readRecord(instance: Dataset, methods: Methods, domains: Domains): Derivation | undefined {
  const [written] = items(instance.DerivationAlgorithmSequence)
    .map(item => String(item.AlgorithmParameters ?? ''))
    .filter(parameters => parameters.includes('modality-synthesis-record/'));
  if (written === undefined) return undefined;
  const read = recordSchema(methods, domains).safeParse(upgraded(parseJson(written), methods, domains));
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

function recordSchema(methods: Methods, domains: Domains) {
  const [method, ...otherMethods] = methods.map(one =>
    z.object({ id: z.literal(one.id), options: recordedOptions(one) }),
  );
  const [first, ...others] = domains.map(({ id, roles }) => {
    const role = z.enum(Object.keys(roles));
    return z.extend(derivation, {
      format: z.literal(FORMAT),
      domain: z.literal(id),
      target: role,
      sources: z.array(z.extend(source, { role })).check(z.minLength(1)),
      reference: role,
      registration: z.optional(z.array(z.extend(registration, { role }))),
      check: z.optional(z.array(z.extend(checked, { role, sources: z.array(role).check(z.minLength(1)) }))),
      method: z.discriminatedUnion('id', [method, ...otherMethods]),
    });
  });
  return z.discriminatedUnion('domain', [first, ...others]);
}

/** Options as a record may hold them. */
function recordedOptions({ options, earlierOptions }: Methods[number]): z.ZodMiniType<Options> {
  return earlierOptions ? z.union([options, earlierOptions]) : options;
}

/** Converts a record of format 1 or 2; the method of format 1 is the one whose options match. */
function upgraded(json: unknown, methods: Methods, [{ id: domain }]: Domains): unknown {
  const { brain: region, ...fields }: Record<string, unknown> = { ...Object(json) };
  if (fields.format !== FORMAT_1 && fields.format !== FORMAT_2) return json;
  const [sources, registration] = [fields.sources, fields.registration].map(withRoles);
  const made = { ...fields, format: FORMAT, domain, region, sources, registration };
  if (fields.format === FORMAT_2) return made;
  const isCommon = ([name]: [string, unknown]) => name === 'format' || name in derivation.shape;
  const all = Object.entries(made);
  const options = Object.fromEntries(all.filter(field => !isCommon(field)));
  const { id } = methods.find(method => recordedOptions(method).safeParse(options).success) ?? methods[0];
  return { ...Object.fromEntries(all.filter(isCommon)), method: { id, options } };
}

/** Format 2 called the role of a source its contrast. */
function withRoles(sources: unknown): unknown {
  return Array.isArray(sources) ? sources.map(one => ({ ...one, role: one?.contrast })) : sources;
}

/** "4 samples", "10 steps": the options of a record that count something. */
export function counts({ method }: Pick<Derivation, 'method'>): string[] {
  return Object.entries(method.options).flatMap(([name, n]) =>
    Number.isInteger(n) ? [`${n} ${n === 1 ? name.replace(/s$/, '') : name}`] : [],
  );
}

/** "sample 2", "dose 0.1", "slices 71-79": what a person chose; 0 stands for nothing. */
export function chosen({ parameters = {}, slices }: Pick<Derivation, 'parameters' | 'slices'>): string[] {
  return [
    ...Object.entries(parameters).flatMap(([name, value]) => (value === 0 ? [] : [`${name} ${value}`])),
    ...(slices ? [`slices ${slices.from}-${slices.to}`] : []),
  ];
}

function parseJson(written: string): unknown {
  try {
    return JSON.parse(written);
  } catch {
    return undefined;
  }
}
