import { type Bundle, bundlePrecision, httpReader } from '../bundle/loadBundle';
import type { Options } from '../methods/Method';
import { completeOptions, type Models, openModels } from '../models';
import { browserStore } from './browserStore';
import { chooseProvider, type ProviderChoice, type ProviderDecision } from './chooseProvider';
import { environmentHere } from './environment';

/** Where the models lie, where they are to run, and what of their method's options. */
export interface ModelPlace {
  bundle: string;
  brainBundle: string;
  provider: ProviderChoice;
  options: Options;
}

/** What can be known of the models and of this machine without loading a network. */
export interface ModelLookUp {
  models: Models;
  /** Every option of the model's method. */
  options: Options;
  provider: ProviderDecision;
  /** SHA-256 of the networks that are on this machine. */
  stored: ReadonlySet<string>;
}

/**
 * Reads the two bundles' descriptions, chooses the provider and looks what need not be downloaded.
 * @throws SynthesisError `bundle-unreachable`, `bundle-invalid`, or `configuration-invalid` for options it does not know
 */
export async function lookUpModel(where: ModelPlace): Promise<ModelLookUp> {
  const models = await openModels(where, httpReader);
  const hasHalf = bundlePrecision(models.synthesis.manifest, 'fp16') === 'fp16';
  return {
    models,
    options: completeOptions(models.synthesis, where.options),
    provider: await chooseProvider(where.provider, environmentHere(), hasHalf),
    stored: await browserStore().keepOnly(new Set(Object.values(models).flatMap(everyFile))),
  };
}

/** SHA-256 of every network of a bundle, in each precision. */
function everyFile({ manifest }: Bundle): string[] {
  return Object.values(manifest.files).flatMap(networks => Object.values(networks).map(file => file.sha256));
}
