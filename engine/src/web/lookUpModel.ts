import { type BackendChoice, chooseBackend } from '../backends/Backend';
import { currentEnvironment, webBackends } from '../backends/web';
import { type Bundle, bundlePrecision, httpReader } from '../bundle/loadBundle';
import { Mutex } from '../inference/ort/Mutex';
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
 * Reads both manifests, chooses the backend and looks up the cached networks.
 * @throws SynthesisError `bundle-unreachable`, `bundle-invalid`, or `configuration-invalid` for unknown
 *   options
 */
export async function lookUpModel({
  backend,
  options,
  fresh = false,
  ...where
}: ModelPlace): Promise<ModelLookUp> {
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
  const stored = await browserStore().keepOnly(new Set(Object.values(models).flatMap(everyFile)));
  return {
    models,
    options: completeOptions(models.synthesis, options),
    settings,
    isStored: sha256 => stored.has(sha256),
  };
}

/** SHA-256 of every file of the networks of a bundle. */
function everyFile({ manifest }: Bundle): string[] {
  return Object.values(manifest.files).flatMap(networks => Object.values(networks).map(file => file.sha256));
}
