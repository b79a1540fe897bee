import type * as Ort from 'onnxruntime-web';
import { SynthesisError } from '../errors';
import type { Network, Runtime, Tensor } from '../inference/Runtime';
import type { Mutex } from './Mutex';

export interface OrtOptions {
  /** Folder with ort.<build>.min.mjs and its .mjs and .wasm; absolute, with a trailing slash. */
  base: string;
  provider: 'wasm' | 'webgpu';
  threads: number;
  mutex: Mutex;
}

/**
 * Loads onnxruntime-web. The native WebGPU build, with JSPI where the browser has it, else Asyncify; its CPU provider
 * is as fast as the CPU-only build. Never the default import: that is the deprecated JSEP build, which is silently wrong.
 * @throws SynthesisError `provider-unavailable`
 */
export async function createOrtRuntime({ base, provider, threads, mutex }: OrtOptions): Promise<Runtime> {
  const [script, wasm] = 'Suspending' in WebAssembly ? ['jspi', 'jspi'] : ['webgpu', 'asyncify'];
  let ort: typeof Ort;
  try {
    ort = await import(/* webpackIgnore: true */ `${base}ort.${script}.min.mjs`);
  } catch (thrown) {
    throw new SynthesisError(
      'provider-unavailable',
      `The inference runtime could not be loaded from ${base}. Check that the extension's public folder is served.`,
      { cause: thrown },
    );
  }
  ort.env.wasm.wasmPaths = {
    mjs: `${base}ort-wasm-simd-threaded.${wasm}.mjs`,
    wasm: `${base}ort-wasm-simd-threaded.${wasm}.wasm`,
  };
  ort.env.wasm.numThreads = threads;
  ort.env.logLevel = 'error';
  return {
    provider,
    load: (name, onnx) =>
      mutex.run(async () => {
        try {
          return new OrtNetwork(
            ort,
            name,
            await ort.InferenceSession.create(onnx, sessionOptions(provider)),
            mutex,
          );
        } catch (thrown) {
          throw new SynthesisError(
            'inference-failed',
            `The network ${name} could not be started on ${provider}.`,
            {
              cause: thrown,
            },
          );
        }
      }),
  };
}

function sessionOptions(provider: 'wasm' | 'webgpu'): Ort.InferenceSession.SessionOptions {
  return { executionProviders: [provider], graphOptimizationLevel: 'all' };
}

class OrtNetwork implements Network {
  constructor(
    private readonly ort: typeof Ort,
    private readonly name: string,
    private readonly session: Ort.InferenceSession,
    private readonly mutex: Mutex,
  ) {}

  run(feeds: Readonly<Record<string, Tensor>>): Promise<Record<string, Tensor>> {
    return this.mutex.run(async () => {
      const inputs = Object.entries(feeds).map(
        ([name, { data, dims }]) => [name, new this.ort.Tensor('float32', data, dims)] as const,
      );
      let results: Ort.InferenceSession.ReturnType;
      try {
        results = await this.session.run(Object.fromEntries(inputs));
      } catch (thrown) {
        throw new SynthesisError('inference-failed', `The network ${this.name} failed while it ran.`, {
          cause: thrown,
        });
      }
      const outputs: Record<string, Tensor> = {};
      for (const [name, tensor] of Object.entries(results)) {
        outputs[name] = { dims: tensor.dims, data: (await tensor.getData()) as Float32Array };
        tensor.dispose();
      }
      return outputs;
    });
  }

  release(): Promise<void> {
    return this.mutex.run(() => this.session.release());
  }
}
