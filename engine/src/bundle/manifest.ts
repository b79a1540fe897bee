import * as z from 'zod';
import { CONTRASTS } from '../contrast/Contrast';
import { SynthesisError } from '../errors';

const contrast = z.enum(CONTRASTS);
const positive = z.number().positive();
const count = z.number().int().positive();
const shapes = z.record(z.string(), z.array(count));

const file = z.strictObject({
  path: z.string().regex(/^[\w-][\w.-]*(\/[\w-][\w.-]*)*$/, 'must be a path inside the bundle'),
  bytes: count,
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits'),
});

/**
 * bundle.json: what a trained method is, may be used for, and consists of. Field names follow MONAI's bundle
 * metadata where it has them. The only place where the format is defined.
 */
const manifestSchema = z
  .strictObject({
    format: z.literal('modality-synthesis-bundle/1'),
    id: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'must be lower-case letters, digits and hyphens'),
    version: z.string().regex(/^\d+\.\d+\.\d+$/, 'must be like 1.2.3'),
    name: z.string().min(1),
    method: z.literal('cdm'),
    changelog: z.record(z.string(), z.string()),
    intended_use: z.string().min(1),
    limitations: z.array(z.string()),
    data_sources: z.array(z.strictObject({ name: z.string(), terms: z.string() })),
    license: z.string().min(1),
    contrasts: z.array(contrast).min(2),
    /** Spacing in mm along x (to the left), y (to the back), z (to the head); `size` is [rows, columns]. */
    grid: z.strictObject({
      spacing: z.tuple([positive, positive, positive]),
      size: z.tuple([count, count]),
      slab: count,
      neighbours: z.literal(1),
    }),
    normalization: z.strictObject({
      region: z.literal('brain'),
      lower_percentile: z.number().min(0).max(100),
      upper_percentile: z.number().min(0).max(100),
      ceiling: positive,
    }),
    tokens: z.strictObject({ count, channels: count, step_mm: positive }),
    scheduler: z.strictObject({
      kind: z.literal('ddim'),
      timesteps: z.array(z.number().min(0)).min(1),
      alpha_bar: z.array(z.number().min(0).lt(1)).min(1),
      embedding: z.strictObject({ size: count.multipleOf(2), max_period: positive }),
    }),
    /** Number of y samples whose mean is the result, unless the job says otherwise. */
    samples: count,
    networks: z.record(
      z.string(),
      z.strictObject({ inputs: shapes, outputs: shapes, flops: z.number().nonnegative() }),
    ),
    files: z.strictObject({ fp32: z.record(z.string(), file) }),
    metrics: z.record(z.string(), z.unknown()),
  })
  .superRefine((m, context) => {
    const issue = (path: (string | number)[], message: string) =>
      context.addIssue({ code: 'custom', path, message });
    if (m.scheduler.alpha_bar.length !== m.scheduler.timesteps.length) {
      issue(['scheduler', 'alpha_bar'], 'must be as long as scheduler.timesteps');
    }
    if (m.normalization.lower_percentile >= m.normalization.upper_percentile) {
      issue(['normalization', 'lower_percentile'], 'must lie below upper_percentile');
    }
    for (const name of networkNames(m.contrasts)) {
      if (!m.networks[name]) issue(['networks', name], 'is missing');
      if (!m.files.fp32[name]) issue(['files', 'fp32', name], 'is missing');
    }
  });

export type BundleManifest = z.infer<typeof manifestSchema>;

/** The networks of a CDM bundle: one MRM and one MDN a contrast, and the two halves of the C-UNet. */
export function networkNames(contrasts: readonly string[]): string[] {
  return [...contrasts.flatMap(c => [`mrm-${c}`, `mdn-${c}`]), 'cunet-encoder', 'cunet-decoder'];
}

/**
 * Checks what was read from bundle.json.
 * @param where address of the file, for the message
 * @throws SynthesisError `bundle-invalid`, naming the first bad field
 */
export function parseManifest(json: unknown, where: string): BundleManifest {
  const result = manifestSchema.safeParse(json);
  if (result.success) return result.data;
  const [first] = result.error.issues;
  throw new SynthesisError(
    'bundle-invalid',
    `The model description ${where} is not valid at “${first.path.join('.') || '(root)'}”: ${first.message}. ` +
      'Install the bundle again or ask whoever provided it.',
    { cause: result.error },
  );
}
