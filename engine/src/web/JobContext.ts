import {
  bundlePrecision,
  loadNetworks,
  type NetworkSelection,
  type NetworkStore,
  type ReadFile,
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

/** Environment of a job. */
export interface JobContext {
  environment: ProviderEnvironment;
  reader(bundle: string): ReadFile;
  /** Cache of networks between jobs. */
  store?: NetworkStore;
  createRuntime(decision: ProviderDecision): Promise<Runtime>;
  onStep: OnStep;
  onProvider(decision: ProviderDecision): void;
  signal: AbortSignal;
}

/**
 * Runs `work` with networks on the best provider. If the GPU fails in the self-test or later, repeats with
 * WebAssembly and reports that; rethrows if `choice` is 'webgpu'.
 * @param wanted networks of one bundle
 */
export async function withFallback<T>(
  choice: ProviderChoice,
  wanted: NetworkSelection,
  host: JobContext,
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
  const supportsFp16 = bundlePrecision(wanted.bundle.manifest, 'fp16') === 'fp16';
  const decision = await chooseProvider(choice, host.environment, supportsFp16);
  try {
    return await run(decision);
  } catch (thrown) {
    const what = decision.provider === 'webgpu' && gpuFailure(thrown);
    if (!what || choice === 'webgpu') throw thrown;
    return run(afterGpuFailure(decision, what));
  }
}

/** Message about a GPU failure; undefined for other errors. */
function gpuFailure(thrown: unknown): Message | undefined {
  if (!(thrown instanceof SynthesisError)) return undefined;
  if (thrown.code === 'self-test-failed') return thrown.text;
  return thrown.code === 'inference-failed' ? GPU_FAILED : undefined;
}
