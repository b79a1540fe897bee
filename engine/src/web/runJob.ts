import { type Bundle, loadBundle, type ReadFile } from '../bundle/loadBundle';
import { cdmNetworks } from '../cdm/synthesizeCdm';
import type { SynthesisError } from '../errors';
import type { Runtime } from '../inference/Runtime';
import { withNetworks } from '../inference/withNetworks';
import type { OnStep } from '../progress';
import { synthesize } from '../synthesize';
import {
  afterGpuFailure,
  chooseProvider,
  type ProviderDecision,
  type ProviderEnvironment,
} from './chooseProvider';
import type { SynthesisOutcome, WorkerJob } from './protocol';

/** What a job needs of the place where it runs. */
export interface JobHost {
  environment: ProviderEnvironment;
  reader(bundle: string): ReadFile;
  createRuntime(decision: ProviderDecision): Promise<Runtime>;
  onStep: OnStep;
  onProvider(decision: ProviderDecision): void;
  signal: AbortSignal;
}

/**
 * One job from the bundle to the volumes. A GPU that fails under way is replaced by WebAssembly, and that is said; unless
 * WebGPU was asked for by name, then the failure is the answer.
 */
export async function runJob(job: WorkerJob, host: JobHost): Promise<SynthesisOutcome> {
  const wanted = cdmNetworks([...job.sources.keys()], job.targets);
  const bundle = await loadBundle(
    job.bundle,
    host.reader(job.bundle),
    () => wanted,
    host.onStep,
    host.signal,
  );
  const decision = await chooseProvider(job.provider, host.environment);
  try {
    return await runOn(decision, bundle, job, host);
  } catch (thrown) {
    const gpuFailed =
      decision.provider === 'webgpu' && (thrown as SynthesisError).code === 'inference-failed';
    if (!gpuFailed || job.provider === 'webgpu') throw thrown;
    return runOn(afterGpuFailure(decision), bundle, job, host);
  }
}

async function runOn(
  decision: ProviderDecision,
  bundle: Bundle,
  job: WorkerJob,
  host: JobHost,
): Promise<SynthesisOutcome> {
  host.onProvider(decision);
  const runtime = await host.createRuntime(decision);
  return withNetworks(runtime, bundle.networks, async network => {
    const { id, version, name, samples: usual } = bundle.manifest;
    const samples = job.samples ?? usual;
    const volumes = await synthesize({ ...job, samples }, bundle.manifest, network, host.onStep, host.signal);
    return {
      volumes,
      bundle: { id, version, name, sha256: bundle.sha256 },
      samples,
      seed: job.seed,
      provider: decision,
    };
  });
}
