import { METHODS, type Options, SynthesisError, settingsOf } from '@modality-synthesis/engine';
import { WEB_CHOICES } from '@modality-synthesis/engine/web';
import * as z from 'zod';
import { message } from '../i18n/message';

/** Site configuration, `window.config.modalitySynthesis`, without the options of the methods. */
const ownSchema = z.object({
  /** Address of a bundle folder, absolute or relative to the viewer's root. Default: the shipped bundle. */
  bundle: z.string().min(1).optional(),
  /** The same for the bundle that finds the region. */
  brainBundle: z.string().min(1).optional(),
  /** Execution provider; `?synthesisProvider=` in the address takes precedence. */
  provider: z.enum(WEB_CHOICES).default('auto'),
  /** Seed of the noise. */
  seed: z.number().int().min(0).max(0x7fffffff).default(1),
  /** Text of the watermark; `{model}` stands for the model's name. Blank text falls back to the default. */
  mark: z.string().max(200).optional(),
  /** Whether Accept also stores a report: key images, record and limitations as Secondary Capture. */
  storeReport: z.boolean().default(false),
  /** Whether Accept stores the map of the expected error with a result. */
  storeUncertainty: z.boolean().default(true),
  /** Timeout of storing one image, ms. */
  storeTimeout: z.number().int().min(1).default(60_000),
  /** Waits before each retry of an image after a transient failure, ms. */
  storeRetryDelays: z.array(z.number().int().min(0)).max(10).default([1000, 5000, 15_000]),
  /** Whether a result can be accepted only after the check on its patient. */
  requireCheck: z.boolean().default(false),
});

/** Options of the methods, among the same keys; the bundle has the defaults. */
const optionsSchema = z.object(
  Object.fromEntries(
    Object.entries(settingsOf(METHODS)).map(([name, { min, max, whole }]) => {
      const number = z.number().min(min).max(max);
      return [name, (whole ? number.int() : number).optional()];
    }),
  ),
);
const siteSchema = z.strictObject({ ...ownSchema.shape, ...optionsSchema.shape });

export type Configuration = z.infer<typeof ownSchema> & { options: Options };

/**
 * Validates the site's configuration and applies the override of the address.
 * @param raw `window.config.modalitySynthesis`; undefined counts as empty
 * @param search query string of the page
 * @throws SynthesisError `configuration-invalid`, naming the key
 */
export function parseConfiguration(raw: unknown, search: string): Configuration {
  const override = new URLSearchParams(search).get('synthesisProvider');
  const given = override === null ? raw : { ...(raw as object), provider: override };
  const result = siteSchema.safeParse(given ?? {});
  if (result.success) return { ...ownSchema.parse(result.data), options: optionsSchema.parse(result.data) };
  const [issue] = result.error.issues;
  const known = Object.keys(siteSchema.shape).join(', ');
  const reason =
    issue.code === 'unrecognized_keys'
      ? message('configuration/unknown-key', { key: issue.keys[0], known })
      : message('configuration/invalid-key', {
          key: issue.path.join('.') || 'modalitySynthesis',
          reason: issue.message,
        });
  const where =
    override !== null && issue.path[0] === 'provider'
      ? '?synthesisProvider='
      : 'window.config.modalitySynthesis';
  const text = message('configuration/invalid', { where, reason });
  throw new SynthesisError('configuration-invalid', text, { cause: result.error });
}
