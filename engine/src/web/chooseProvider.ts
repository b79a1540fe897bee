import type { Precision } from '../bundle/fields';

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
  sentence: string;
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
  const wasm = (sentence: string) => onWasm(threads, sentence);
  if (choice === 'wasm') return wasm(`Runs ${onCpu}, as configured.`);
  const adapter = await environment.gpu?.requestAdapter().catch(() => null);
  if (!adapter) return wasm(`No usable GPU was found: runs ${onCpu}.`);
  if (adapter.info.isFallbackAdapter && choice !== 'webgpu') {
    return wasm(`Only a software GPU was found: runs ${onCpu}.`);
  }
  const precision = hasHalf && adapter.features.has('shader-f16') ? 'fp16' : 'fp32';
  const words = precision === 'fp16' ? 'half precision' : 'single precision';
  return { provider: 'webgpu', precision, threads, sentence: `Runs on the GPU (WebGPU, ${words}).` };
}

/**
 * What replaces a GPU that failed.
 * @param what happened to it, without a full stop
 */
export function afterGpuFailure({ threads }: ProviderDecision, what = 'The GPU failed'): ProviderDecision {
  return onWasm(threads, `${what}: ran ${onProcessor(threads)} instead.`);
}

function onWasm(threads: number, sentence: string): ProviderDecision {
  return { provider: 'wasm', precision: 'fp32', threads, sentence };
}

function onProcessor(threads: number): string {
  return `on the processor (WebAssembly, ${threads} ${threads === 1 ? 'thread' : 'threads'})`;
}
