import type { ProviderChoice } from '@modality-synthesis/engine/web';
import type { Configuration } from './configuration';
import type { Assets } from './ViewerPort';

/** Where a job's parts lie, addresses absolute with a trailing slash. */
export interface Place extends Assets {
  provider: ProviderChoice;
}

/** What the site configured, else what the extension serves. */
export function placeOf({ bundle, brainBundle, provider }: Configuration, assets: Assets): Place {
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
