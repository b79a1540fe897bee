import * as node from 'onnxruntime-node';
import * as web from 'onnxruntime-web/wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { PRECISIONS } from '../../bundle/fields';
import { loadNetworks } from '../../bundle/loadBundle';
import { type Model, openModel } from '../../models';
import { folderReader } from '../../node/bundleFolder';
import { TINY_BUNDLE } from '../../testing/tools';
import { worstDifference } from '../selfTest';
import { Mutex } from './Mutex';
import { loadOrtNetwork } from './OrtNetwork';

const RUNTIMES = [
  ['onnxruntime-node', node, 'cpu'],
  ['onnxruntime-web', web, 'wasm'],
] as const;

describe('networks whose graphs share weights', () => {
  let model: Model;
  beforeAll(async () => {
    model = await openModel(TINY_BUNDLE, folderReader(TINY_BUNDLE));
    web.env.wasm.numThreads = 1;
  });

  it.each(
    RUNTIMES.flatMap(([name, ort, provider]) =>
      PRECISIONS.map(precision => ({ name, ort, provider, precision })),
    ),
  )('compute what the training code did, on $name in $precision', async ({ ort, provider, precision }) => {
    const { manifest } = model;
    const names = Object.keys(manifest.networks);
    const onnx = await loadNetworks([{ bundle: model, names }], precision, { reader: folderReader });
    const mutex = new Mutex();
    for (const [name, files] of onnx) {
      expect(files.weights?.path).toBe(`weights/${name}.bin`);
      const network = await loadOrtNetwork(ort, { provider }, mutex, name, files);
      const worst = await worstDifference(name, manifest, network);
      expect(worst, name).toBeLessThan(manifest.self_test.tolerance[precision]);
      await network.release();
    }
  });
});
