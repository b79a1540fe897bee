import type { ProviderChoice } from '@modality-synthesis/engine/web';
import type { Configuration } from './configuration';
import type { Assets } from './ViewerPort';

/** Where a job finds its parts: absolute addresses with a trailing slash. */
export interface Endpoints extends Assets {
  provider: ProviderChoice;
}

/** Addresses from the site's configuration; by default those that the extension serves. */
export function resolveAssets({ bundle, brainBundle, provider }: Configuration, assets: Assets): Endpoints {
  return {
    runtime: assets.runtime,
    bundle: bundle ? folder(bundle) : assets.bundle,
    brainBundle: brainBundle ? folder(brainBundle) : assets.brainBundle,
    provider,
  };
}

/** An address as an absolute folder with a trailing slash. */
function folder(address: string): string {
  const url = new URL(address, document.baseURI).href;
  return url.endsWith('/') ? url : `${url}/`;
}
