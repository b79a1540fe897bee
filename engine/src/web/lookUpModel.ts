import { type Bundle, bundlePrecision, httpReader } from '../bundle/loadBundle';
import type { Options } from '../methods/Method';
import { completeOptions, type Models, openModels } from '../models';
import { browserStore } from './browserStore';
import {
  chooseProvider,
  currentEnvironment,
  type ProviderChoice,
  type ProviderDecision,
} from './chooseProvider';

/** Addresses of the bundles, provider and options of the method. */
export interface ModelPlace {
  bundle: string;
  brainBundle: string;
  provider: ProviderChoice;
  options: Options;
}

/** Facts about the models and this machine that need no network loaded. */
export interface ModelLookUp {
  models: Models;
  /** Every option of the model's method. */
  options: Options;
  provider: ProviderDecision;
  /** SHA-256 of the networks on this machine. */
  stored: ReadonlySet<string>;
}

/**
 * Reads both manifests, chooses the provider and looks up the cached networks.
 * @throws SynthesisError `bundle-unreachable`, `bundle-invalid`, or `configuration-invalid` for unknown
 *   options
 */
export async function lookUpModel(where: ModelPlace): Promise<ModelLookUp> {
  const models = await openModels(where, httpReader);
  const supportsFp16 = bundlePrecision(models.synthesis.manifest, 'fp16') === 'fp16';
  return {
    models,
    options: completeOptions(models.synthesis, where.options),
    provider: await chooseProvider(where.provider, currentEnvironment(), supportsFp16),
    stored: await browserStore().keepOnly(new Set(Object.values(models).flatMap(everyFile))),
  };
}

/** SHA-256 of every network of a bundle, in each precision. */
function everyFile({ manifest }: Bundle): string[] {
  return Object.values(manifest.files).flatMap(networks => Object.values(networks).map(file => file.sha256));
}
