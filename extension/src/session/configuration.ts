import {
  METHODS,
  type Options,
  REQUEST_TIMEOUT,
  SynthesisError,
  settingsOf,
  webAddress,
} from '@modality-synthesis/engine';
import { WEB_CHOICES } from '@modality-synthesis/engine/web';
import * as z from 'zod/mini';
import { message } from '../i18n/message';

/** A relative address is one wherever the viewer is. */
const VIEWER = 'http://viewer';

/** Site configuration, `window.config.modalitySynthesis`, without the options of the methods. */
const ownSchema = z.object({
  /** Address of a bundle folder, absolute or relative to the viewer's root. Default: the shipped bundle. */
  bundle: z.optional(z.string().check(z.minLength(1))),
  /** The same for further bundles, of which a reader may choose one in the panel. */
  bundles: z.optional(z.array(z.string().check(z.minLength(1))).check(z.maxLength(20))),
  /** The same for the bundle that finds the region. */
  brainBundle: z.optional(z.string().check(z.minLength(1))),
  /** Execution provider; `?synthesisProvider=` in the address takes precedence. */
  provider: z._default(z.enum(WEB_CHOICES), 'auto'),
  /** Seed of the noise. */
  seed: z._default(z.int().check(z.gte(0), z.lte(0x7fffffff)), 1),
  /** Text of the watermark; `{model}` stands for the model's name. Blank text falls back to the default. */
  mark: z.optional(z.string().check(z.maxLength(200))),
  /** Whether Accept also stores a report: key images, record and limitations as Secondary Capture. */
  storeReport: z._default(z.boolean(), false),
  /** Whether Accept stores the map of the expected error with a result. */
  storeUncertainty: z._default(z.boolean(), true),
  /** Timeout of storing one image, ms. */
  storeTimeout: z._default(z.int().check(z.gte(1)), 60_000),
  /** Waits before each retry of an image after a transient failure, ms. */
  storeRetryDelays: z._default(z.array(z.int().check(z.gte(0))).check(z.maxLength(10)), [1000, 5000, 15_000]),
  /** The site's own server, which runs the networks of models that can (docs/server.md). */
  server: z.optional(
    z.strictObject({
      /** What comes before /v2, absolute or relative to the viewer's root. */
      url: z.string().check(z.refine(text => webAddress(text, VIEWER) !== undefined)),
      /** Name of the model on it. Default: the bundle's id. */
      model: z.optional(z.string().check(z.minLength(1))),
      headers: z.optional(z.record(z.string(), z.string())),
      /** Whether the headers of the viewer's login are sent to it. */
      login: z._default(z.boolean(), false),
      /** Whether the site answers for it that images go there: nobody is asked. */
      consent: z._default(z.boolean(), false),
      /** Timeout of a request, ms. */
      timeout: z._default(z.int().check(z.gte(1)), REQUEST_TIMEOUT),
    }),
  ),
  /** What the site gives as the full dose of a contrast agent, mmol a kg. Default: 0.1. */
  fullDose: z.optional(z.number().check(z.gte(0.01), z.lte(0.5))),
  /** Whether a result can be accepted only after the check on its patient. */
  requireCheck: z._default(z.boolean(), false),
});

/** Options of the methods, among the same keys; the bundle has the defaults. */
const optionsSchema = z.object(
  Object.fromEntries(
    Object.entries(settingsOf(METHODS)).map(([name, { min, max, whole }]) => {
      return [name, z.optional((whole ? z.int() : z.number()).check(z.gte(min), z.lte(max)))];
    }),
  ),
);
const siteSchema = z.strictObject({ ...ownSchema.shape, ...optionsSchema.shape });

/** What a site may write, without the options of the methods. */
export type OwnConfiguration = z.input<typeof ownSchema>;
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
    issue.code === 'unrecognized_keys' && issue.path.length === 0
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
