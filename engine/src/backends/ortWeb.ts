import type * as Ort from 'onnxruntime-web';
import { SynthesisError } from '../errors';
import type { Mutex } from '../inference/ort/Mutex';
import { loadOrtNetwork } from '../inference/ort/OrtNetwork';
import type { Runtime } from '../inference/Runtime';
import { message } from '../messages';

/**
 * Loads onnxruntime-web: the native WebGPU build, with JSPI if the browser has it, otherwise Asyncify. Its
 * CPU provider is as fast as the CPU-only build. The default import is the deprecated JSEP build: its results
 * are wrong without an error.
 * @param base folder with ort.<build>.min.mjs and its .mjs and .wasm; absolute, with a trailing slash
 * @throws SynthesisError `provider-unavailable`
 */
export async function startOrtWeb(
  base: string,
  provider: 'wasm' | 'webgpu',
  threads: number,
  mutex: Mutex,
): Promise<Runtime> {
  const [script, wasm] = 'Suspending' in WebAssembly ? ['jspi', 'jspi'] : ['webgpu', 'asyncify'];
  let ort: typeof Ort;
  try {
    ort = await import(/* webpackIgnore: true */ `${base}ort.${script}.min.mjs`);
  } catch (thrown) {
    throw new SynthesisError(
      'provider-unavailable',
      message('provider/runtime-unreachable', { address: base }),
      { cause: thrown },
    );
  }
  ort.env.wasm.wasmPaths = {
    mjs: `${base}ort-wasm-simd-threaded.${wasm}.mjs`,
    wasm: `${base}ort-wasm-simd-threaded.${wasm}.wasm`,
  };
  ort.env.wasm.numThreads = threads;
  ort.env.logLevel = 'error';
  return { load: (name, model) => loadOrtNetwork(ort, { provider }, mutex, name, model) };
}
