import { type Bundle, httpReader, loadBundle } from '../bundle/loadBundle';
import { cdmNetworks } from '../cdm/synthesizeCdm';
import { asSynthesisError, SynthesisError } from '../errors';
import type { Network, Runtime } from '../inference/Runtime';
import type { OnStep } from '../progress';
import { synthesize } from '../synthesize';
import { chooseProvider, type ProviderDecision, type ProviderEnvironment } from './chooseProvider';
import { Mutex } from './Mutex';
import { createOrtRuntime } from './OrtRuntime';
import type { FromWorker, SynthesisOutcome, ToWorker, WorkerJob } from './protocol';

const mutex = new Mutex();
let current: AbortController | undefined;

const post = (message: FromWorker, transfer: Transferable[] = []) => self.postMessage(message, { transfer });

self.onmessage = ({ data: message }: MessageEvent<ToWorker>) => {
  if (message.type === 'cancel') current?.abort();
  else void answer(message.job);
};

async function answer(job: WorkerJob): Promise<void> {
  current = new AbortController();
  try {
    const outcome = await runJob(job, step => post({ type: 'step', step }), current.signal);
    post(
      { type: 'done', outcome },
      [...outcome.volumes.values()].map(v => v.data.buffer as ArrayBuffer),
    );
  } catch (thrown) {
    const error = asSynthesisError(
      thrown,
      'inference-failed',
      'The synthesis failed unexpectedly; nothing was kept.',
    );
    const { code, message, cause } = error;
    post({
      type: 'failed',
      code,
      message,
      cause: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause),
    });
  }
}

/** Runs on the chosen provider; a GPU that fails under way is replaced by WebAssembly unless it was asked for by name. */
async function runJob(job: WorkerJob, onStep: OnStep, signal: AbortSignal): Promise<SynthesisOutcome> {
  const wanted = cdmNetworks([...job.sources.keys()], job.targets);
  const bundle = await loadBundle(job.bundle, httpReader(job.bundle), () => wanted, onStep, signal);
  const decision = await chooseProvider(job.provider, environment());
  post({ type: 'provider', decision });
  try {
    return await runOn(decision, bundle, job, onStep, signal);
  } catch (thrown) {
    const gpuFailed =
      thrown instanceof SynthesisError &&
      thrown.code === 'inference-failed' &&
      decision.provider === 'webgpu';
    if (!gpuFailed || job.provider === 'webgpu') throw thrown;
    const fallback = await chooseProvider('wasm', environment());
    fallback.sentence = `The GPU failed; ${fallback.sentence.replace('Runs', 'ran').replace(', as configured', '')}`;
    post({ type: 'provider', decision: fallback });
    return runOn(fallback, bundle, job, onStep, signal);
  }
}

async function runOn(
  decision: ProviderDecision,
  bundle: Bundle,
  job: WorkerJob,
  onStep: OnStep,
  signal: AbortSignal,
): Promise<SynthesisOutcome> {
  const runtime = await createOrtRuntime({ base: job.runtime, ...decision, mutex });
  const networks = await loadNetworks(runtime, bundle);
  try {
    const samples = job.samples ?? bundle.manifest.samples;
    const { id, version, name } = bundle.manifest;
    const network = (wanted: string): Network => networks.get(wanted)!;
    const volumes = await synthesize({ ...job, samples }, bundle.manifest, network, onStep, signal);
    return {
      volumes,
      bundle: { id, version, name, sha256: bundle.sha256 },
      samples,
      seed: job.seed,
      provider: decision,
    };
  } finally {
    await release(networks);
  }
}

async function loadNetworks(runtime: Runtime, bundle: Bundle): Promise<Map<string, Network>> {
  const networks = new Map<string, Network>();
  try {
    for (const [name, onnx] of bundle.networks) networks.set(name, await runtime.load(name, onnx));
    return networks;
  } catch (thrown) {
    await release(networks);
    throw thrown;
  }
}

async function release(networks: ReadonlyMap<string, Network>): Promise<void> {
  for (const network of networks.values()) await network.release().catch(() => {});
}

function environment(): ProviderEnvironment {
  // TypeScript's DOM library does not know WebGPU yet.
  const navigator = self.navigator as Navigator & { gpu?: ProviderEnvironment['gpu'] };
  return {
    gpu: navigator.gpu,
    crossOriginIsolated: self.crossOriginIsolated,
    hardwareConcurrency: navigator.hardwareConcurrency,
  };
}
