/** What a deployment or a URL may ask for. `auto` takes WebGPU where the adapter is real. */
export const PROVIDER_CHOICES = ['auto', 'webgpu', 'wasm'] as const;
export type ProviderChoice = (typeof PROVIDER_CHOICES)[number];

export interface ProviderDecision {
  provider: 'webgpu' | 'wasm';
  /** Threads of the WebAssembly runtime; 1 unless the page is cross-origin isolated. */
  threads: number;
  /** One sentence for the panel. */
  sentence: string;
}

/** The parts of the environment the decision rests on; a page or worker passes itself. */
export interface ProviderEnvironment {
  gpu?: { requestAdapter(): Promise<{ info: { isFallbackAdapter?: boolean } } | null> };
  crossOriginIsolated: boolean;
  hardwareConcurrency: number;
}

/** More threads than this gain nothing on slabs of this size. */
const MOST_THREADS = 8;

/**
 * WebGPU where a real adapter answers, else WebAssembly. A software adapter only serves when it is asked for by
 * name: it is slower than WebAssembly.
 */
export async function chooseProvider(
  choice: ProviderChoice,
  environment: ProviderEnvironment,
): Promise<ProviderDecision> {
  const threads = environment.crossOriginIsolated
    ? Math.min(MOST_THREADS, environment.hardwareConcurrency)
    : 1;
  const onCpu = onProcessor(threads);
  const wasm = (sentence: string): ProviderDecision => ({ provider: 'wasm', threads, sentence });
  if (choice === 'wasm') return wasm(`Runs ${onCpu}, as configured.`);
  const adapter = await environment.gpu?.requestAdapter().catch(() => null);
  if (!adapter) return wasm(`No usable GPU was found: runs ${onCpu}.`);
  if (adapter.info.isFallbackAdapter && choice !== 'webgpu') {
    return wasm(`Only a software GPU was found: runs ${onCpu}.`);
  }
  return { provider: 'webgpu', threads, sentence: 'Runs on the GPU (WebGPU).' };
}

/** What replaces a GPU that failed under way. */
export function afterGpuFailure({ threads }: ProviderDecision): ProviderDecision {
  return { provider: 'wasm', threads, sentence: `The GPU failed: ran ${onProcessor(threads)} instead.` };
}

function onProcessor(threads: number): string {
  return `on the processor (WebAssembly, ${threads} ${threads === 1 ? 'thread' : 'threads'})`;
}
