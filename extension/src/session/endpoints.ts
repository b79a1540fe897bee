import { rootOf, type ServerPlace } from '@modality-synthesis/engine';
import type { ModelPlace } from '@modality-synthesis/engine/web';
import type { Configuration } from './configuration';
import type { Assets } from './ViewerPort';

/** Where the site's configuration says the model is; by default where the extension ships it. */
export function modelPlace(
  { bundle, brainBundle, provider, options }: Configuration,
  assets: Assets,
): ModelPlace {
  return {
    bundle: bundle ? folder(bundle) : assets.bundle,
    regionBundle: brainBundle ? folder(brainBundle) : assets.regionBundle,
    backend: provider,
    options,
  };
}

/** The site's server; undefined without one. */
export function serverPlace({ server }: Configuration): ServerPlace | undefined {
  if (!server) return undefined;
  const { url, model, headers, timeout } = server;
  return { url: rootOf(new URL(url, document.baseURI)), model, headers, timeout };
}

/** An address as an absolute folder with a trailing slash. */
function folder(address: string): string {
  const url = new URL(address, document.baseURI).href;
  return url.endsWith('/') ? url : `${url}/`;
}
