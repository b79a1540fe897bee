import type { Precision } from '../bundle/fields';
import { type Message, message } from '../messages';

/** Choices of a deployment or URL. `auto` uses WebGPU if the adapter is real. */
export const PROVIDER_CHOICES = ['auto', 'webgpu', 'wasm'] as const;
export type ProviderChoice = (typeof PROVIDER_CHOICES)[number];

export interface ProviderDecision {
  provider: 'webgpu' | 'wasm';
  /** fp16 only if GPU and bundle support it. */
  precision: Precision;
  /** Threads of the WebAssembly runtime; 1 unless the page is cross-origin isolated. */
  threads: number;
  /** Reason, for the panel. */
  text: Message;
}

/** The parts of the environment that the decision needs. */
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

/** Environment of the calling page or worker. */
export function currentEnvironment(): ProviderEnvironment {
  // TypeScript's DOM library does not know WebGPU yet.
  const navigator = self.navigator as Navigator & { gpu?: ProviderEnvironment['gpu'] };
  return {
    gpu: navigator.gpu,
    crossOriginIsolated: self.crossOriginIsolated,
    hardwareConcurrency: navigator.hardwareConcurrency,
  };
}

/** More threads do not help with slabs of this size. */
const MAX_THREADS = 8;

/**
 * WebGPU with a real adapter, otherwise WebAssembly. A software adapter is slower than WebAssembly, so it is
 * used only for the choice `webgpu`.
 * @param supportsFp16 whether the bundle has networks in half precision
 */
export async function chooseProvider(
  choice: ProviderChoice,
  environment: ProviderEnvironment,
  supportsFp16: boolean,
): Promise<ProviderDecision> {
  const threads = environment.crossOriginIsolated
    ? Math.min(MAX_THREADS, environment.hardwareConcurrency)
    : 1;
  const onCpu = onProcessor(threads);
  const wasm = (text: Message) => onWasm(threads, text);
  if (choice === 'wasm') return wasm(message('provider/configured', { processor: onCpu }));
  const adapter = await environment.gpu?.requestAdapter().catch(() => null);
  if (!adapter) return wasm(message('provider/no-gpu', { processor: onCpu }));
  if (adapter.info.isFallbackAdapter && choice !== 'webgpu') {
    return wasm(message('provider/software-gpu', { processor: onCpu }));
  }
  const precision = supportsFp16 && adapter.features.has('shader-f16') ? 'fp16' : 'fp32';
  const text = precision === 'fp16' ? message('provider/gpu-half') : message('provider/gpu-single');
  return { provider: 'webgpu', precision, threads, text };
}

export const GPU_FAILED = message('provider/gpu-failed');

/** Fallback after a failure of the GPU; `what` gives the reason. */
export function afterGpuFailure({ threads }: ProviderDecision, what = GPU_FAILED): ProviderDecision {
  return onWasm(threads, message('provider/fell-back', { reason: what, processor: onProcessor(threads) }));
}

function onWasm(threads: number, text: Message): ProviderDecision {
  return { provider: 'wasm', precision: 'fp32', threads, text };
}

function onProcessor(threads: number): Message {
  return message('provider/processor', { count: threads });
}
