import { METHODS, type Options, SynthesisError, settingsOf } from '@modality-synthesis/engine';
import { PROVIDER_CHOICES } from '@modality-synthesis/engine/web';
import * as z from 'zod';
import { message } from '../i18n/message';

/**
 * What a site may set in `window.config.modalitySynthesis`, but for what the methods of synthesis let it set.
 */
const ownSchema = z.object({
  /**
   * Address of a bundle folder, absolute or relative to the viewer's root. Default: the bundle shipped with
   * the extension.
   */
  bundle: z.string().min(1).optional(),
  /** The same of the bundle that finds the brain. */
  brainBundle: z.string().min(1).optional(),
  /** Where the networks run; `?synthesisProvider=` in the address wins. */
  provider: z.enum(PROVIDER_CHOICES).default('auto'),
  /** Seed of the noise. */
  seed: z.number().int().min(0).max(0x7fffffff).default(1),
  /**
   * Words of the mark on synthetic images, `{model}` standing for the model's name; blank ones count as none.
   */
  mark: z.string().max(200).optional(),
  /** How long the archive may take for one image, ms. */
  storeTimeout: z.number().int().min(1).default(60_000),
  /** Waits before an image is sent again after a passing failure, ms: one an attempt. */
  storeRetryDelays: z.array(z.number().int().min(0)).max(10).default([1000, 5000, 15_000]),
});

/** Options of the methods, beside the other keys; default: what the bundle says. */
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
 * Checks the site's configuration and applies the address's override.
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
  const what =
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
  throw new SynthesisError(
    'configuration-invalid',
    message('configuration/invalid', { where, reason: what }),
    {
      cause: result.error,
    },
  );
}
