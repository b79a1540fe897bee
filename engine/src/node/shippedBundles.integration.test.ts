import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as web from 'onnxruntime-web/wasm';
import { describe, expect, it, onTestFinished } from 'vitest';
import { chooseBackend } from '../backends/Backend';
import { nodeBackends } from '../backends/node';
import { type BaseManifest, PRECISIONS } from '../bundle/fields';
import { type Bundle, loadNetworks, openBundle } from '../bundle/loadBundle';
import { domainOf } from '../domains';
import { Mutex } from '../inference/ort/Mutex';
import { loadOrtNetwork } from '../inference/ort/OrtNetwork';
import type { Network } from '../inference/Runtime';
import { selfTest, worstDifference } from '../inference/selfTest';
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

  it.runIf(files.wasm)('computes the same in WebAssembly, by the graphs for it', async () => {
    const bundle = await open();
    const names = Object.keys(files.wasm ?? {});
    const onnx = await loadNetworks([{ bundle, names }], 'wasm', { reader: folderReader });
    web.env.wasm.numThreads = 1;
    for (const [name, model] of onnx) {
      const network = await loadOrtNetwork(web, { provider: 'wasm' }, new Mutex(), name, model);
      onTestFinished(() => network.release());
      const worst = await worstDifference(name, bundle.manifest, network);
      expect(worst, name).toBeLessThan(bundle.manifest.self_test.tolerance.fp32);
    }
  });
});
