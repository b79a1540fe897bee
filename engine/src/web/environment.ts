import type { ProviderEnvironment } from './chooseProvider';

/** What the page or worker that calls this has. */
export function environmentHere(): ProviderEnvironment {
  // TypeScript's DOM library does not know WebGPU yet.
  const navigator = self.navigator as Navigator & { gpu?: ProviderEnvironment['gpu'] };
  return {
    gpu: navigator.gpu,
    crossOriginIsolated: self.crossOriginIsolated,
    hardwareConcurrency: navigator.hardwareConcurrency,
  };
}
