import { rootOf, type ServerPlace } from '@modality-synthesis/engine';
import type { ModelPlace } from '@modality-synthesis/engine/web';
import type { Configuration } from './configuration';
import type { Assets } from './ViewerPort';

/** Addresses of the models that a reader may choose from; the first is used unless somebody does. */
export function modelAddresses(
  { bundle, bundles = [] }: Configuration,
  assets: Assets,
): [string, ...string[]] {
  const first = bundle ? folder(bundle) : assets.bundle;
  return [first, ...new Set(bundles.map(folder).filter(address => address !== first))];
}

/** Where a model and what goes with it are, as the site's configuration says. */
export function modelPlace(
  { brainBundle, provider, options }: Configuration,
  assets: Assets,
  bundle: string,
): ModelPlace {
  return {
    bundle,
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
