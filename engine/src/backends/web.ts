import type { Mutex } from '../inference/ort/Mutex';
import { message } from '../messages';
import type { Backend, Because } from './Backend';
import { startOrtWeb } from './ortWeb';

/** The parts of the environment that decide. */
export interface WebEnvironment {
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
export function currentEnvironment(): WebEnvironment {
  // TypeScript's DOM library does not know WebGPU yet.
  const navigator = self.navigator as Navigator & { gpu?: WebEnvironment['gpu'] };
  return {
    gpu: navigator.gpu,
    crossOriginIsolated: self.crossOriginIsolated,
    hardwareConcurrency: navigator.hardwareConcurrency,
  };
}

/** More threads do not help with slabs of this size. */
const MAX_THREADS = 8;

const noGpu: Because = processor => message('provider/no-gpu', { processor });
const softwareGpu: Because = processor => message('provider/software-gpu', { processor });
const configured: Because = processor => message('provider/configured', { processor });

/**
 * onnxruntime-web on WebGPU if there is a real adapter, otherwise on WebAssembly. A software adapter is
 * slower than WebAssembly: it runs only where it is chosen by name.
 * @param base folder of the onnxruntime-web files, absolute, with a trailing slash
 */
export function webBackends(
  { gpu, crossOriginIsolated, hardwareConcurrency }: WebEnvironment,
  base: string,
  mutex: Mutex,
): readonly Backend[] {
  // One thread unless the page is cross-origin isolated.
  const threads = crossOriginIsolated ? Math.min(MAX_THREADS, hardwareConcurrency) : 1;
  const common = { runtime: 'onnxruntime-web', threads } as const;
  return [
    {
      id: 'webgpu',
      selfTest: true,
      async settings({ chosen, precision: wanted }) {
        const adapter = await gpu?.requestAdapter().catch(() => null);
        if (!adapter) return { unavailable: noGpu };
        if (adapter.info.isFallbackAdapter && !chosen) return { unavailable: softwareGpu };
        const precision = wanted === 'fp16' && adapter.features.has('shader-f16') ? 'fp16' : 'fp32';
        const text = precision === 'fp16' ? message('provider/gpu-half') : message('provider/gpu-single');
        return { ...common, provider: 'webgpu', precision, text };
      },
      start: () => startOrtWeb(base, 'webgpu', threads, mutex),
    },
    {
      id: 'wasm',
      selfTest: false,
      async settings({ because = configured }) {
        const text = because(message('provider/processor', { count: threads }));
        return { ...common, provider: 'wasm', precision: 'fp32', text };
      },
      start: () => startOrtWeb(base, 'wasm', threads, mutex),
    },
  ];
}
