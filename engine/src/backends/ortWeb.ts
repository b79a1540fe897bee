import type * as Ort from 'onnxruntime-web';
import { SynthesisError } from '../errors';
import type { Mutex } from '../inference/ort/Mutex';
import { loadOrtNetwork } from '../inference/ort/OrtNetwork';
import type { Runtime } from '../inference/Runtime';
import { type Message, message } from '../messages';
import { servedFault, threadFault } from './servedFault';

/**
 * Loads onnxruntime-web: the native WebGPU build, with JSPI if the browser has it, otherwise Asyncify. Its
 * CPU provider is as fast as the CPU-only build. The default import is the deprecated JSEP build: its results
 * are wrong without an error. Where the browser has relaxed SIMD, with fused multiply-add
 * (scripts/fuseMultiplyAdd.mjs).
 * @param base folder with ort.<build>.min.mjs and its .mjs, .wasm and .fma.wasm; absolute, with a trailing
 *   slash
 * @throws SynthesisError `provider-unavailable`, which names the file that does not arrive as it should
 */
export async function startOrtWeb(
  base: string,
  provider: 'wasm' | 'webgpu',
  threads: number,
  mutex: Mutex,
): Promise<Runtime> {
  const [script, wasm] = 'Suspending' in WebAssembly ? ['jspi', 'jspi'] : ['webgpu', 'asyncify'];
  const api = `${base}ort.${script}.min.mjs`;
  const paths = {
    mjs: `${base}ort-wasm-simd-threaded.${wasm}.mjs`,
    wasm: `${base}ort-wasm-simd-threaded.${wasm}${hasRelaxedSimd() ? '.fma' : ''}.wasm`,
  };
  const threadsFail = threads > 1 ? threadFault(paths.mjs) : undefined;
  let ort: typeof Ort;
  try {
    ort = await import(/* webpackIgnore: true */ api);
  } catch (cause) {
    const text = await servedFault(api);
    throw unavailable(text ?? message('provider/runtime-unreachable', { address: api }), cause);
  }
  const fault = await threadsFail;
  if (fault) throw unavailable(fault);
  ort.env.wasm.wasmPaths = paths;
  ort.env.wasm.numThreads = threads;
  ort.env.logLevel = 'error';
  let works = false;
  return {
    async load(name, model) {
      try {
        const network = await loadOrtNetwork(ort, { provider }, mutex, name, model);
        works = true;
        return network;
      } catch (thrown) {
        // The first network loads the runtime's own files.
        const text = works ? undefined : ((await servedFault(paths.mjs)) ?? (await servedFault(paths.wasm)));
        throw text ? new SynthesisError('inference-failed', text, { cause: thrown }) : thrown;
      }
    },
  };
}

function unavailable(text: Message, cause?: unknown): SynthesisError {
  return new SynthesisError('provider-unavailable', text, { cause });
}

/** Whether WebAssembly has f32x4.relaxed_madd here: asked by a module with one function of nothing else. */
function hasRelaxedSimd(): boolean {
  const type = [1, 8, 1, 0x60, 3, 0x7b, 0x7b, 0x7b, 1, 0x7b];
  const code = [10, 13, 1, 11, 0, 0x20, 0, 0x20, 1, 0x20, 2, 0xfd, 0x85, 2, 0x0b];
  return WebAssembly.validate(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...type, 3, 2, 1, 0, ...code));
}
