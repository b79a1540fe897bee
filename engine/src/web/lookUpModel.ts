import { type Bundle, bundlePrecision, httpReader } from '../bundle/loadBundle';
import { type Models, openModels } from '../models';
import { browserStore } from './browserStore';
import { chooseProvider, type ProviderChoice, type ProviderDecision } from './chooseProvider';
import { environmentHere } from './environment';

/** What can be known of the models and of this machine without loading a network. */
export interface ModelLookUp {
  models: Models;
  provider: ProviderDecision;
  /** SHA-256 of the networks that are on this machine. */
  stored: ReadonlySet<string>;
}

/**
 * Reads the two bundles' descriptions, chooses the provider and looks what need not be downloaded.
 * @throws SynthesisError `bundle-unreachable` or `bundle-invalid`
 */
export async function lookUpModel(where: {
  bundle: string;
  brainBundle: string;
  provider: ProviderChoice;
}): Promise<ModelLookUp> {
  const models = await openModels(where, httpReader);
  const hasHalf = bundlePrecision(models.cdm.manifest, 'fp16') === 'fp16';
  return {
    models,
    provider: await chooseProvider(where.provider, environmentHere(), hasHalf),
    stored: await browserStore().keepOnly(new Set(Object.values(models).flatMap(everyFile))),
  };
}

/** SHA-256 of every network of a bundle, in each precision. */
function everyFile({ manifest }: Bundle): string[] {
  return Object.values(manifest.files).flatMap(networks => Object.values(networks).map(file => file.sha256));
}
