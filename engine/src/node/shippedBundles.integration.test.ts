import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { chooseBackend } from '../backends/Backend';
import { nodeBackends } from '../backends/node';
import { type BaseManifest, PRECISIONS } from '../bundle/fields';
import { type Bundle, loadNetworks, openBundle } from '../bundle/loadBundle';
import { domainOf } from '../domains';
import type { Network } from '../inference/Runtime';
import { selfTest } from '../inference/selfTest';
import { openModel } from '../models';
import { folderReader } from './bundleFolder';

const root = fileURLToPath(new URL('../../../models/bundles/', import.meta.url));

describe.each(readdirSync(root))('the bundle %s', id => {
  const folder = path.join(root, id, path.sep);
  const { domain, files, normalization }: Partial<BaseManifest> & Pick<BaseManifest, 'files'> = JSON.parse(
    readFileSync(path.join(folder, 'bundle.json'), 'utf8'),
  );
  const open = (): Promise<Bundle> =>
    normalization
      ? openModel(folder, folderReader(folder))
      : openBundle(domainOf(domain).region.manifest, folder, folderReader(folder));

  it.each(PRECISIONS.filter(precision => files[precision]))(
    'is what its manifest says and computes what the training code did, in %s',
    async precision => {
      const bundle = await open();
      expect(bundle.manifest.id).toBe(id);
      const wanted = [{ bundle, names: Object.keys(bundle.manifest.networks) }];
      const onnx = await loadNetworks(wanted, precision, { reader: folderReader });
      const { backend, settings } = await chooseBackend(nodeBackends(), 'cpu', precision);
      const runtime = await backend.start(settings);
      const networks = new Map<string, Network>();
      onTestFinished(async () => {
        for (const network of networks.values()) await network.release();
      });
      for (const [name, bytes] of onnx) networks.set(name, await runtime.load(name, bytes));
      await selfTest(wanted, precision, name => networks.get(name)!);
    },
  );
});
