import { SynthesisError } from '../errors';
import { Mutex } from '../inference/ort/Mutex';
import { loadOrtNetwork, type OrtApi } from '../inference/ort/OrtNetwork';
import type { Runtime } from '../inference/Runtime';
import { list } from '../messages';
import { type Backend, NODE_PROVIDERS, type NodeProvider } from './Backend';

/**
 * onnxruntime-node on each of its providers. Its `webgpu` is native WebGPU (Vulkan on Linux).
 * @param threads of the cpu provider; default: every core
 */
export function nodeBackends(threads?: number): readonly Backend[] {
  return NODE_PROVIDERS.map(provider => ({
    id: provider,
    selfTest: provider !== 'cpu',
    settings: async ({ precision }) => ({
      runtime: 'onnxruntime-node',
      provider,
      precision,
      threads,
      text: list([`Runs on onnxruntime-node (${provider}, ${precision}).`]),
    }),
    start: () => startOrtNode(provider, threads),
  }));
}

/** @throws SynthesisError `provider-unavailable` */
async function startOrtNode(provider: NodeProvider, threads?: number): Promise<Runtime> {
  let ort: OrtApi;
  try {
    const node = await import('onnxruntime-node');
    node.env.logLevel = 'error';
    if (!node.listSupportedBackends().some(({ name }) => name === provider)) {
      throw new Error(`this build of onnxruntime-node has no ${provider} provider`);
    }
    ort = node;
  } catch (thrown) {
    throw new SynthesisError(
      'provider-unavailable',
      `The inference runtime onnxruntime-node could not be started with --provider ${provider}; ` +
        'run npm install again, or choose another provider.',
      { cause: thrown },
    );
  }
  const mutex = new Mutex();
  return {
    async load(name, model) {
      try {
        return await loadOrtNetwork(ort, { provider, threads }, mutex, name, model);
      } catch (thrown) {
        if (provider === 'cpu') throw thrown;
        throw new SynthesisError(
          'provider-unavailable',
          'No GPU could be used through WebGPU on this machine; take --provider cpu.',
          { cause: thrown },
        );
      }
    },
  };
}
