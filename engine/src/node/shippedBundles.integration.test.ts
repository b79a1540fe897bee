import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type * as z from 'zod';
import { brainManifestSchema } from '../brain/brainManifest';
import { type CommonManifest, PRECISIONS } from '../bundle/fields';
import { loadNetworks, openBundle } from '../bundle/loadBundle';
import { cdmManifestSchema } from '../bundle/manifest';
import { selfTest } from '../inference/selfTest';
import { withNetworks } from '../inference/withNetworks';
import { folderReader } from './bundleFolder';
import { createOrtNodeRuntime } from './OrtNodeRuntime';

const root = fileURLToPath(new URL('../../../models/bundles/', import.meta.url));
const SCHEMAS = { cdm: cdmManifestSchema, 'brain-extraction': brainManifestSchema };

describe.each(readdirSync(root))('the bundle %s', id => {
  const folder = path.join(root, id, path.sep);
  const { method, files }: CommonManifest & { method: keyof typeof SCHEMAS } = JSON.parse(
    readFileSync(path.join(folder, 'bundle.json'), 'utf8'),
  );

  it.each(PRECISIONS.filter(precision => files[precision]))(
    'is what its manifest says and computes what the training code did, in %s',
    async precision => {
      const bundle = await openBundle(
        SCHEMAS[method] as z.ZodType<CommonManifest>,
        folder,
        folderReader(folder),
      );
      expect(bundle.manifest.id).toBe(id);
      const wanted = [{ bundle, names: Object.keys(bundle.manifest.networks) }];
      const onnx = await loadNetworks(wanted, precision);
      const runtime = await createOrtNodeRuntime('cpu');
      await withNetworks(runtime, onnx, network => selfTest(wanted, precision, network));
    },
  );
});
