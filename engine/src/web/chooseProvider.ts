import type { Precision } from '../bundle/fields';
import { type Sentence, say } from '../say';

/** What a deployment or a URL may ask for. `auto` takes WebGPU where the adapter is real. */
export const PROVIDER_CHOICES = ['auto', 'webgpu', 'wasm'] as const;
export type ProviderChoice = (typeof PROVIDER_CHOICES)[number];

export interface ProviderDecision {
  provider: 'webgpu' | 'wasm';
  /** Half only on a GPU that computes it, with a bundle that has it. */
  precision: Precision;
  /** Threads of the WebAssembly runtime; 1 unless the page is cross-origin isolated. */
  threads: number;
  /** One sentence for the panel. */
  sentence: Sentence;
}

/** The parts of the environment the decision rests on; a page or worker passes itself. */
export interface ProviderEnvironment {
  gpu?: {
    requestAdapter(): Promise<{
      info: { isFallbackAdapter?: boolean };
      features: { has(name: string): boolean };
    } | null>;
  };
  crossOriginIsolated: boolean;
  hardwareConcurrency: number;
}

/** More threads than this gain nothing on slabs of this size. */
const MOST_THREADS = 8;

/**
 * WebGPU where a real adapter answers, else WebAssembly. A software adapter only serves when it is asked for by
 * name: it is slower than WebAssembly.
 * @param hasHalf whether the bundle has networks in half precision
 */
export async function chooseProvider(
  choice: ProviderChoice,
  environment: ProviderEnvironment,
  hasHalf: boolean,
): Promise<ProviderDecision> {
  const threads = environment.crossOriginIsolated
    ? Math.min(MOST_THREADS, environment.hardwareConcurrency)
    : 1;
  const onCpu = onProcessor(threads);
  const wasm = (sentence: Sentence) => onWasm(threads, sentence);
  if (choice === 'wasm') return wasm(say`Runs ${onCpu}, as configured.`);
  const adapter = await environment.gpu?.requestAdapter().catch(() => null);
  if (!adapter) return wasm(say`No usable GPU was found: runs ${onCpu}.`);
  if (adapter.info.isFallbackAdapter && choice !== 'webgpu') {
    return wasm(say`Only a software GPU was found: runs ${onCpu}.`);
  }
  const precision = hasHalf && adapter.features.has('shader-f16') ? 'fp16' : 'fp32';
  const sentence =
    precision === 'fp16'
      ? say`Runs on the GPU (WebGPU, half precision).`
      : say`Runs on the GPU (WebGPU, single precision).`;
  return { provider: 'webgpu', precision, threads, sentence };
}

export const GPU_FAILED = say`The GPU failed.`;

/**
 * What replaces a GPU that failed.
 * @param what happened to it
 */
export function afterGpuFailure({ threads }: ProviderDecision, what = GPU_FAILED): ProviderDecision {
  return onWasm(threads, say`${what} Ran ${onProcessor(threads)} instead.`);
}

function onWasm(threads: number, sentence: Sentence): ProviderDecision {
  return { provider: 'wasm', precision: 'fp32', threads, sentence };
}

function onProcessor(threads: number): Sentence {
  return threads === 1
    ? say`on the processor (WebAssembly, 1 thread)`
    : say`on the processor (WebAssembly, ${threads} threads)`;
}
