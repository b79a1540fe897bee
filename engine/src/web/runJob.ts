import { bundlePrecision, loadNetworks, type ReadFile, type Wanted } from '../bundle/loadBundle';
import type { Contrast } from '../contrast/Contrast';
import { SynthesisError } from '../errors';
import type { Runtime } from '../inference/Runtime';
import { selfTest } from '../inference/selfTest';
import { withNetworks } from '../inference/withNetworks';
import { bundleName, type Models, openModels, wantedNetworks } from '../models';
import type { OnStep } from '../progress';
import { type Synthesis, type SynthesisRequest, synthesize } from '../synthesize';
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
 * One job from the bundles to the volumes. A GPU that fails their self-test or under way is replaced by
 * WebAssembly, and that is said; unless WebGPU was asked for by name, then the failure is the answer.
 */
export async function runJob(job: WorkerJob, host: JobHost): Promise<SynthesisOutcome> {
  const models = await openModels(job, host.reader, host.signal);
  const { manifest } = models.cdm;
  const { intended_use, not_for, limitations } = manifest;
  const request = { ...job, samples: job.samples ?? manifest.samples };
  const wanted = wantedNetworks(models, [...job.sources.keys()], job.targets, request);
  const run = async (provider: ProviderDecision): Promise<SynthesisOutcome> => ({
    results: await runOn(provider, models, wanted, request, host),
    bundle: bundleName(models.cdm),
    brain: bundleName(models.brain),
    card: { intended_use, not_for, limitations },
    samples: request.samples,
    seed: job.seed,
    provider,
  });
  const decision = await chooseProvider(
    job.provider,
    host.environment,
    bundlePrecision(manifest, 'fp16') === 'fp16',
  );
  try {
    return await run(decision);
  } catch (thrown) {
    const what = decision.provider === 'webgpu' && gpuFailure(thrown);
    if (!what || job.provider === 'webgpu') throw thrown;
    return run(afterGpuFailure(decision, what));
  }
}

async function runOn(
  decision: ProviderDecision,
  models: Models,
  wanted: readonly Wanted[],
  request: SynthesisRequest,
  { createRuntime, onProvider, onStep, signal }: JobHost,
): Promise<Map<Contrast, Synthesis>> {
  onProvider(decision);
  const onnx = await loadNetworks(wanted, decision.precision, onStep, signal);
  const runtime = await createRuntime(decision);
  return withNetworks(runtime, onnx, async network => {
    if (decision.provider === 'webgpu') await selfTest(wanted, decision.precision, network, onStep, signal);
    return synthesize(request, models, network, onStep, signal);
  });
}

/** What happened to the GPU, without a full stop; nothing when something else failed. */
function gpuFailure(thrown: unknown): string | undefined {
  if (!(thrown instanceof SynthesisError)) return undefined;
  if (thrown.code === 'self-test-failed') return thrown.message.replace(/\.$/, '');
  return thrown.code === 'inference-failed' ? 'The GPU failed' : undefined;
}
