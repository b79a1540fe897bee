import type { Precision } from '../bundle/fields';
import { type Message, message } from '../messages';

/** What a deployment or a URL may ask for. `auto` takes WebGPU where the adapter is real. */
export const PROVIDER_CHOICES = ['auto', 'webgpu', 'wasm'] as const;
export type ProviderChoice = (typeof PROVIDER_CHOICES)[number];

export interface ProviderDecision {
  provider: 'webgpu' | 'wasm';
  /** Half only on a GPU that computes it, with a bundle that has it. */
  precision: Precision;
  /** Threads of the WebAssembly runtime; 1 unless the page is cross-origin isolated. */
  threads: number;
  /** One text for the panel. */
  text: Message;
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
  const wasm = (text: Message) => onWasm(threads, text);
  if (choice === 'wasm') return wasm(message('provider/configured', { processor: onCpu }));
  const adapter = await environment.gpu?.requestAdapter().catch(() => null);
  if (!adapter) return wasm(message('provider/no-gpu', { processor: onCpu }));
  if (adapter.info.isFallbackAdapter && choice !== 'webgpu') {
    return wasm(message('provider/software-gpu', { processor: onCpu }));
  }
  const precision = hasHalf && adapter.features.has('shader-f16') ? 'fp16' : 'fp32';
  const text = precision === 'fp16' ? message('provider/gpu-half') : message('provider/gpu-single');
  return { provider: 'webgpu', precision, threads, text };
}

export const GPU_FAILED = message('provider/gpu-failed');

/**
 * What replaces a GPU that failed.
 * @param what happened to it
 */
export function afterGpuFailure({ threads }: ProviderDecision, what = GPU_FAILED): ProviderDecision {
  return onWasm(threads, message('provider/fell-back', { reason: what, processor: onProcessor(threads) }));
}

function onWasm(threads: number, text: Message): ProviderDecision {
  return { provider: 'wasm', precision: 'fp32', threads, text };
}

function onProcessor(threads: number): Message {
  return message('provider/processor', { count: threads });
}
