import { type BackendChoice, chooseBackend } from '../backends/Backend';
import { currentEnvironment, webBackends } from '../backends/web';
import { bundlePrecision, httpReader } from '../bundle/loadBundle';
import { SynthesisError } from '../errors';
import { Mutex } from '../inference/ort/Mutex';
import { message } from '../messages';
import type { Options } from '../methods/Method';
import { completeOptions, type Models, openModels } from '../models';
import type { ModelLookUp } from '../pipeline/preflightFacts';
import { browserStore } from './browserStore';

/** Addresses of the bundles, backend and options of the method. */
export interface ModelPlace {
  bundle: string;
  regionBundle: string;
  backend: BackendChoice;
  options: Options;
  /** Reads the descriptions again: they may have been replaced. */
  fresh?: boolean;
}

/** Descriptions by address: each is read once a page, and again after a failure. */
const opened = new Map<string, Promise<Models>>();

/**
 * Reads both manifests, chooses the backend and looks up which networks this browser keeps; those of a
 * bundle that was replaced at its address are deleted.
 * @throws SynthesisError `bundle-unreachable`, `bundle-invalid`, `configuration-invalid` for unknown options,
 *   or `provider-unavailable` in a page without a secure context: nothing can be checked there
 */
export async function lookUpModel({
  backend,
  options,
  fresh = false,
  ...where
}: ModelPlace): Promise<ModelLookUp> {
  if (!self.isSecureContext) throw new SynthesisError('provider-unavailable', message('provider/insecure'));
  const key = `${where.bundle} ${where.regionBundle}`;
  const reading = (!fresh && opened.get(key)) || openModels(where, httpReader);
  opened.set(key, reading);
  reading.catch(() => opened.delete(key));
  const models = await reading;
  const precision = bundlePrecision(models.synthesis.manifest, 'fp16');
  const { settings } = await chooseBackend(
    webBackends(currentEnvironment(), '', new Mutex()),
    backend,
    precision,
  );
  const stored = await browserStore().install(Object.values(models));
  return {
    models,
    options: completeOptions(models.synthesis, options),
    settings,
    isStored: sha256 => stored.has(sha256),
  };
}
