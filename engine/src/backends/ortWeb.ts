import type * as Ort from 'onnxruntime-web';
import { SynthesisError } from '../errors';
import type { Mutex } from '../inference/ort/Mutex';
import { loadOrtNetwork } from '../inference/ort/OrtNetwork';
import type { Runtime } from '../inference/Runtime';
import { message } from '../messages';

/**
 * Loads onnxruntime-web: the native WebGPU build, with JSPI if the browser has it, otherwise Asyncify. Its
 * CPU provider is as fast as the CPU-only build. The default import is the deprecated JSEP build: its results
 * are wrong without an error. Where the browser has relaxed SIMD, with fused multiply-add
 * (scripts/fuseMultiplyAdd.mjs).
 * @param base folder with ort.<build>.min.mjs and its .mjs, .wasm and .fma.wasm; absolute, with a trailing
 *   slash
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
    wasm: `${base}ort-wasm-simd-threaded.${wasm}${hasRelaxedSimd() ? '.fma' : ''}.wasm`,
  };
  ort.env.wasm.numThreads = threads;
  ort.env.logLevel = 'error';
  return { load: (name, model) => loadOrtNetwork(ort, { provider }, mutex, name, model) };
}

/** Whether WebAssembly has f32x4.relaxed_madd here: asked by a module with one function of nothing else. */
function hasRelaxedSimd(): boolean {
  const type = [1, 8, 1, 0x60, 3, 0x7b, 0x7b, 0x7b, 1, 0x7b];
  const code = [10, 13, 1, 11, 0, 0x20, 0, 0x20, 1, 0x20, 2, 0xfd, 0x85, 2, 0x0b];
  return WebAssembly.validate(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...type, 3, 2, 1, 0, ...code));
}
