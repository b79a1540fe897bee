import { BRAIN_NETWORK, type BrainManifest, brainManifestSchema } from './brain/brainManifest';
import { type Bundle, openBundle, type ReadFile, type Wanted } from './bundle/loadBundle';
import { type CdmManifest, cdmManifestSchema } from './bundle/manifest';
import { type CdmChoices, guidanceOf } from './cdm/CdmJob';
import { cdmNetworks } from './cdm/synthesizeCdm';
import type { Contrast } from './contrast/Contrast';
import type { BundleName, Derivation } from './dicom/record';

/** The bundles of a job: one finds the brain, one makes the missing contrast. */
export interface Models {
  brain: Bundle<BrainManifest>;
  cdm: Bundle<CdmManifest>;
}

/**
 * Reads and checks the descriptions of both bundles.
 * @throws SynthesisError `bundle-unreachable`, `bundle-invalid` or `cancelled`
 */
export async function openModels(
  where: { bundle: string; brainBundle: string },
  reader: (folder: string) => ReadFile,
  signal?: AbortSignal,
): Promise<Models> {
  const { bundle, brainBundle } = where;
  return {
    brain: await openBundle(brainManifestSchema, brainBundle, reader(brainBundle), signal),
    cdm: await openBundle(cdmManifestSchema, bundle, reader(bundle), signal),
  };
}

/** The networks of either bundle that a job of these sources and targets needs. */
export function wantedNetworks(
  { brain, cdm }: Models,
  sources: readonly Contrast[],
  targets: readonly Contrast[],
  choices: CdmChoices,
): { brain: Wanted; cdm: Wanted } {
  return {
    brain: { bundle: brain, names: [BRAIN_NETWORK] },
    cdm: { bundle: cdm, names: cdmNetworks(cdm.manifest, sources, targets, choices) },
  };
}

/** What the record says of how a job is done, where nothing but the bundle decides it otherwise. */
export function recordChoices(
  bundle: Bundle<CdmManifest>,
  choices: CdmChoices,
): Pick<Derivation, 'bundle' | 'samples' | 'steps' | 'guidance'> {
  const { manifest } = bundle;
  return {
    bundle: bundleName(bundle),
    samples: choices.samples,
    steps: choices.steps ?? manifest.scheduler.timesteps.length,
    guidance: guidanceOf(manifest, choices),
  };
}

/** What the provenance says of a bundle. */
export function bundleName({ manifest: { id, version, name }, sha256 }: Bundle): BundleName {
  return { id, version, name, sha256 };
}
