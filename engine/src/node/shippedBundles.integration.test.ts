import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type CommonManifest, PRECISIONS } from '../bundle/fields';
import { type Bundle, loadNetworks, openBundle } from '../bundle/loadBundle';
import { brainManifestSchema } from '../domains/brain-mr/region/brainManifest';
import { selfTest } from '../inference/selfTest';
import { withNetworks } from '../inference/withNetworks';
import { openModel } from '../models';
import { folderReader } from './bundleFolder';
import { createOrtNodeRuntime } from './OrtNodeRuntime';

const root = fileURLToPath(new URL('../../../models/bundles/', import.meta.url));

describe.each(readdirSync(root))('the bundle %s', id => {
  const folder = path.join(root, id, path.sep);
  const { method, files }: CommonManifest & { method: string } = JSON.parse(
    readFileSync(path.join(folder, 'bundle.json'), 'utf8'),
  );
  const open = (): Promise<Bundle> =>
    method === 'brain-extraction'
      ? openBundle(brainManifestSchema, folder, folderReader(folder))
      : openModel(folder, folderReader(folder));

  it.each(PRECISIONS.filter(precision => files[precision]))(
    'is what its manifest says and computes what the training code did, in %s',
    async precision => {
      const bundle = await open();
      expect(bundle.manifest.id).toBe(id);
      const wanted = [{ bundle, names: Object.keys(bundle.manifest.networks) }];
      const onnx = await loadNetworks(wanted, precision);
      const runtime = await createOrtNodeRuntime('cpu');
      await withNetworks(runtime, onnx, network => selfTest(wanted, precision, network));
    },
  );
});
