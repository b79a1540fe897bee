import { en } from 'zod/locales';
import * as z from 'zod/mini';
import { SynthesisError } from '../errors';
import { message } from '../messages';
import { checkFields } from './checkFields';
import { inputDistributionSchema } from './inputDistribution';

// zod/mini, a quarter of zod's size, has no reasons of its own to quote.
z.config(en());

/** Number formats in which a bundle's networks come; their inputs and outputs are float32 either way. */
export const PRECISIONS = ['fp32', 'fp16'] as const;
export type Precision = (typeof PRECISIONS)[number];

/** Graphs of a network: one for each number format, and one in fp32 that WebAssembly runs faster. */
export type GraphSet = Precision | 'wasm';

const FORMAT = 'modality-synthesis-bundle/4';

export const positive = z.number().check(z.positive());
export const count = z.int().check(z.positive());
const shapes = z.record(z.string(), z.array(count));

const file = z.strictObject({
  path: z.string().check(z.regex(/^[\w-][\w.-]*(\/[\w-][\w.-]*)*$/, 'must be a path inside the bundle')),
  bytes: count,
  sha256: z.string().check(z.regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits')),
});
const files = z.record(z.string(), file);
export type BundleFile = z.infer<typeof file>;

/**
 * What bundle.json says of every bundle: what it is, may be used for, and consists of. Field names follow
 * MONAI's bundle metadata where it has them; a bundle's own schema adds `method` and its own fields.
 */
export const bundleFields = {
  format: z.literal(FORMAT),
  id: z.string().check(z.regex(/^[a-z0-9][a-z0-9-]*$/, 'must be lower-case letters, digits and hyphens')),
  version: z.string().check(z.regex(/^\d+\.\d+\.\d+$/, 'must be like 1.2.3')),
  name: z.string().check(z.minLength(1)),
  changelog: z.record(z.string(), z.string()),
  intended_use: z.string().check(z.minLength(1)),
  not_for: z.array(z.string()),
  limitations: z.array(z.string()),
  data_sources: z.array(z.strictObject({ name: z.string(), terms: z.string() })),
  license: z.string().check(z.minLength(1)),
  /** Id of the domain (domains/index.ts). */
  domain: z.string(),
  /** Role ids of the domain, in the order of the channels. */
  roles: z.array(z.string()).check(z.minLength(1)),
  /**
   * Spacing in mm along x (to the left), y (to the back), z (to the head); `size` is [rows, columns]. A
   * method adds its own.
   */
  grid: z.strictObject({
    spacing: z.tuple([positive, positive, positive]),
    size: z.tuple([count, count]),
    slab: count,
  }),
  networks: z.record(
    z.string(),
    z.strictObject({ inputs: shapes, outputs: shapes, flops: z.number().check(z.nonnegative()) }),
  ),
  /**
   * ONNX graphs by network; fp16 and wasm may be absent, or hold only some of the networks. `weights` are the
   * external data that the graphs of a network share, float16; a network without them has its weights in its
   * graphs.
   */
  files: z.strictObject({
    fp32: files,
    fp16: z.optional(files),
    wasm: z.optional(files),
    weights: z.optional(files),
  }),
  /**
   * What each network makes of generated inputs: 32 evenly spaced values an output (see
   * inference/selfTest.ts).
   */
  self_test: z.strictObject({
    seed: z.int().check(z.nonnegative()),
    tolerance: z.strictObject({ fp32: positive, fp16: positive }),
    networks: z.record(z.string(), z.record(z.string(), z.array(z.number()).check(z.length(32)))),
  }),
  metrics: z.record(z.string(), z.unknown()),
};

const commonSchema = z.strictObject(bundleFields);
/** A manifest as far as every bundle has it. */
export type CommonManifest = z.infer<typeof commonSchema>;

const percent = z.number().check(z.gte(0), z.lte(100));

/** Rules of `anchorIntensities` (volume/anchors.ts), field by field. */
const anchors = z.strictObject({
  tissue: z
    .array(
      z.strictObject({
        roles: z.array(z.string()).check(z.minLength(1)),
        percentiles: z.tuple([percent, percent]),
      }),
    )
    .check(z.minLength(1)),
  rim: z.number().check(z.nonnegative()),
  level: positive,
  spread: positive,
  quantiles: z.record(z.string(), z.number().check(z.gt(0), z.lt(1))),
  /** By role what is put back into a target (volume/targetShading.ts). */
  target_shading: z.optional(
    z.record(z.string(), z.strictObject({ like: z.string(), share: z.number(), no_signal: z.number() })),
  ),
});

const targetDeclaration = z.strictObject({
  default: z.boolean(),
  caution: z.string().check(z.minLength(1), z.maxLength(200)),
});
/** What a model says of a target that is not for every use. */
export type TargetDeclaration = z.infer<typeof targetDeclaration>;

/**
 * What bundle.json says besides where the bundle synthesizes; a method narrows `method` to its own id.
 */
export const synthesisFields = {
  ...bundleFields,
  method: z.string(),
  /**
   * How intensities are scaled: these percentiles in the region become 0 and 1, more than `ceiling` becomes
   * `ceiling`. With `anchors`, the intensities are anchored then (volume/anchors.ts), in [0, ceiling] too.
   */
  normalization: z
    .strictObject({
      region: z.string(),
      lower_percentile: percent,
      upper_percentile: percent,
      ceiling: positive,
      anchors: z.optional(anchors),
    })
    .check(
      z.refine(n => n.lower_percentile < n.upper_percentile, {
        path: ['lower_percentile'],
        error: 'must lie below upper_percentile',
      }),
    ),
  /** By role the signal of healthy white matter, normalized: what the per cent of an error map are of. */
  white_matter: z.optional(z.record(z.string(), positive)),
  /**
   * By role, where a target is not for every use: whether it is chosen unless a person does, and what must be
   * known of it, one English sentence.
   */
  targets: z.optional(z.record(z.string(), targetDeclaration)),
  /** By which unusual inputs are told; without it nobody looks. */
  input_distribution: z.optional(inputDistributionSchema),
  check: z.optional(checkFields),
};
const indeterminate = z.strictObject({
  above: z.number().check(z.gte(0), z.lt(1)),
  text: z.string().check(z.minLength(1)),
});
/** Where a lesion is more probable than this, something cannot be told; `text` says what. */
export type Indeterminate = z.infer<typeof indeterminate>;

/** What bundle.json says besides where a network finds lesions. */
export const lesionFields = {
  /** Channels of the output `lesion`, which are probabilities; the first is no lesion. */
  lesions: z.array(z.string()).check(z.minLength(2)),
  /** By target. */
  indeterminate: z.optional(z.record(z.string(), indeterminate)),
};
const baseSchema = z.strictObject(synthesisFields);
/** A manifest as far as every method has it. */
export type BaseManifest = z.infer<typeof baseSchema>;

/** What must stand beside a result, out of the manifest. */
export type ModelCard = Pick<CommonManifest, 'intended_use' | 'not_for' | 'limitations'>;

/** A field that is wrong although it has the right type, and why. */
export type Issue = (path: (string | number)[], message: string) => void;

/** Reports the named networks that lack their shapes, their file or their self-test. */
export function checkNetworks(
  manifest: Pick<CommonManifest, 'networks' | 'files' | 'self_test'>,
  names: readonly string[],
  issue: Issue,
): void {
  for (const name of names) {
    if (!manifest.networks[name]) issue(['networks', name], 'is missing');
    if (!manifest.files.fp32[name]) issue(['files', 'fp32', name], 'is missing');
    if (!manifest.self_test.networks[name]) issue(['self_test', 'networks', name], 'is missing');
  }
}

/**
 * Format 3 had no graphs for WebAssembly. Format 2 named no domain, since there was but one, and called the
 * roles contrasts.
 * @returns a manifest of this format; anything else as it is
 */
export function upgradedManifest(json: unknown): unknown {
  const { contrasts: roles, ...others }: Record<string, unknown> = { ...Object(json) };
  if (others.format === 'modality-synthesis-bundle/3') return { ...Object(json), format: FORMAT };
  if (others.format !== 'modality-synthesis-bundle/2') return json;
  return { ...others, format: FORMAT, domain: 'brain-mr', roles };
}

/**
 * Checks what was read from bundle.json against a method's schema.
 * @param where address of the file, for the message
 * @throws SynthesisError `bundle-invalid`, naming the first bad field
 */
export function parseManifest<M>(schema: z.ZodMiniType<M>, json: unknown, where: string): M {
  const result = schema.safeParse(upgradedManifest(json));
  if (result.success) return result.data;
  const [first] = result.error.issues;
  throw new SynthesisError(
    'bundle-invalid',
    message('bundle/invalid', {
      bundle: where,
      path: first.path.join('.') || '(root)',
      reason: first.message,
    }),
    { cause: result.error },
  );
}
