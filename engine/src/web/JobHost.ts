import {
  bundlePrecision,
  loadNetworks,
  type NetworkStore,
  type ReadFile,
  type Wanted,
} from '../bundle/loadBundle';
import { SynthesisError } from '../errors';
import type { Network, Runtime } from '../inference/Runtime';
import { selfTest } from '../inference/selfTest';
import { withNetworks } from '../inference/withNetworks';
import type { Message } from '../messages';
import type { OnStep } from '../progress';
import {
  afterGpuFailure,
  chooseProvider,
  GPU_FAILED,
  type ProviderChoice,
  type ProviderDecision,
  type ProviderEnvironment,
} from './chooseProvider';

/** What a job needs of the place where it runs. */
export interface JobHost {
  environment: ProviderEnvironment;
  reader(bundle: string): ReadFile;
  /** Where networks are kept between jobs. */
  store?: NetworkStore;
  createRuntime(decision: ProviderDecision): Promise<Runtime>;
  onStep: OnStep;
  onProvider(decision: ProviderDecision): void;
  signal: AbortSignal;
}

/**
 * Loads networks where they run best and hands them to `work`. A GPU that fails their self-test or under way is
 * replaced by WebAssembly, and that is said; unless WebGPU was asked for by name, then the failure is the answer.
 * @param wanted networks of one bundle
 */
export async function onBestProvider<T>(
  choice: ProviderChoice,
  wanted: Wanted,
  host: JobHost,
  work: (network: (name: string) => Network, provider: ProviderDecision) => Promise<T>,
): Promise<T> {
  const run = async (decision: ProviderDecision): Promise<T> => {
    const { onStep, signal } = host;
    host.onProvider(decision);
    const onnx = await loadNetworks([wanted], decision.precision, onStep, signal, host.store);
    const runtime = await host.createRuntime(decision);
    return withNetworks(runtime, onnx, async network => {
      if (decision.provider === 'webgpu') {
        await selfTest([wanted], decision.precision, network, onStep, signal);
      }
      return work(network, decision);
    });
  };
  const hasHalf = bundlePrecision(wanted.bundle.manifest, 'fp16') === 'fp16';
  const decision = await chooseProvider(choice, host.environment, hasHalf);
  try {
    return await run(decision);
  } catch (thrown) {
    const what = decision.provider === 'webgpu' && gpuFailure(thrown);
    if (!what || choice === 'webgpu') throw thrown;
    return run(afterGpuFailure(decision, what));
  }
}

/** What happened to the GPU; nothing when something else failed. */
function gpuFailure(thrown: unknown): Message | undefined {
  if (!(thrown instanceof SynthesisError)) return undefined;
  if (thrown.code === 'self-test-failed') return thrown.text;
  return thrown.code === 'inference-failed' ? GPU_FAILED : undefined;
}
