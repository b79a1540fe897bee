import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { SynthesisError } from '../errors';
import { findBrain } from '../findBrain';
import type { Network, Runtime, Tensor } from '../inference/Runtime';
import type { Step } from '../progress';
import { coded } from '../testing/coded';
import { head } from '../testing/head';
import { gridOfSteps, sampled } from '../testing/linear';
import { fakeBrain, tinyBrainManifest } from '../testing/tinyBrain';
import { tinyManifest } from '../testing/tinyManifest';
import type { ProviderDecision } from './chooseProvider';
import type { JobContext } from './JobContext';
import type { WorkerJob } from './protocol';
import { runBrainJob } from './runBrainJob';
import { runSynthesisJob } from './runSynthesisJob';

const onnx = new Uint8Array([1, 2, 3]);
const manifest = tinyManifest();
const brainManifest = tinyBrainManifest();
brainManifest.networks.brain.flops = 1e6;
for (const file of [...Object.values(manifest.files.fp32), brainManifest.files.fp32.brain]) {
  file.sha256 = createHash('sha256').update(onnx).digest('hex');
}
for (const name of ['cunet-decoder-0', 'cunet-decoder-1']) {
  manifest.self_test.networks[name] = { prediction: Array(32).fill(0.5) };
}
const { slab, size } = manifest.grid;
const { count, channels } = manifest.tokens;

const t1 = sampled(gridOfSteps([40, 48, 44], [4, 0, 0], [0, 4, 0], [0, 0, 4], [-75, -100, -75]), head);

const brain = await findBrain(new Map([['t1', t1] as const]), 't1', brainManifest, () => fakeBrain);

const job = (more: Partial<WorkerJob> = {}): WorkerJob => ({
  sources: new Map([['t1', t1] as const]),
  reference: 't1',
  brain,
  targets: [{ id: 'flair' }],
  seed: 5,
  bundle: 'http://bundle/',
  runtime: 'http://runtime/',
  provider: 'auto',
  ...more,
});

/** A host with a GPU; `failing` providers break at the given moment, or compute nonsense. */
function host(failing: Partial<Record<'webgpu' | 'wasm', 'load' | 'run' | 'wrong'>> = {}) {
  const steps: Step[] = [];
  const decisions: ProviderDecision[] = [];
  const open = new Set<Network>();
  const tensor = (value: number, ...dims: number[]): Tensor => ({
    dims,
    data: new Float32Array(dims.reduce((a, b) => a * b)).fill(value),
  });
  const broken = () => new SynthesisError('inference-failed', 'lost');
  const createRuntime = async ({ provider }: ProviderDecision): Promise<Runtime> => ({
    provider,
    async load(name) {
      if (failing[provider] === 'load') throw broken();
      const network: Network = {
        async run(feeds) {
          if (failing[provider] === 'run') throw broken();
          if (name === 'brain') return fakeBrain.run(feeds);
          const tokens = tensor(0.5, slab, count, channels);
          return {
            tokens,
            clean: tokens,
            features: tensor(0.5, slab, 1, ...size),
            prediction: tensor(failing[provider] === 'wrong' ? 0.6 : 0.5, slab, 1, ...size),
            scale: tensor(0.1, slab, 1, ...size),
          };
        },
        release: async () => void open.delete(network),
      };
      open.add(network);
      return network;
    },
  });
  const reader = (bundle: string) => async (path: string) =>
    path === 'bundle.json'
      ? new TextEncoder().encode(JSON.stringify(bundle === 'http://brain/' ? brainManifest : manifest))
      : onnx;
  const jobHost: JobContext = {
    environment: {
      gpu: { requestAdapter: async () => ({ info: {}, features: new Set<string>() }) },
      crossOriginIsolated: true,
      hardwareConcurrency: 2,
    },
    reader,
    createRuntime,
    onStep: step => steps.push(step),
    onProvider: decision => decisions.push(decision),
    signal: new AbortController().signal,
  };
  return { jobHost, decisions, open, steps };
}

const checks = (steps: readonly Step[]) =>
  steps.filter(s => s.stage === 'check').map(s => `${s.done}/${s.of}`);

describe('runJob', () => {
  it('tells what made the result', async () => {
    const { jobHost, open, steps } = host();
    const { results, ...told } = await runSynthesisJob(job({ options: { samples: 3 } }), jobHost);
    expect([...results.keys()]).toEqual(['flair']);
    const { volume, meanSpread } = results.get('flair')!;
    expect(Math.max(...volume.data)).toBeCloseTo(0.5);
    expect(meanSpread).toBeUndefined();
    expect(told).toMatchObject({
      method: { id: 'cdm', options: { samples: 3, steps: 2, conditioning: 'diffusion' } },
      seed: 5,
      bundle: { id: 'tiny', version: '0.0.1' },
      card: { intended_use: 'Tests.', not_for: ['Patients.'] },
    });
    expect(told.bundle.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(told.provider.provider).toBe('webgpu');
    expect(checks(steps)).toEqual([1, 2, 3, 4, 5, 6].map(n => `${n}/6`));
    expect(open.size).toBe(0);
  });

  it.each(['load', 'run'] as const)(
    'goes on with WebAssembly when the GPU fails at %s, and says so',
    async moment => {
      const { jobHost, decisions, open } = host({ webgpu: moment });
      const { provider } = await runSynthesisJob(job(), jobHost);
      expect(decisions.map(d => d.provider)).toEqual(['webgpu', 'wasm']);
      expect(coded(provider.text)).toBe('provider/fell-back(provider/gpu-failed, provider/processor(2))');
      expect(open.size).toBe(0);
    },
  );

  it('replaces a GPU that computes wrongly, and names the network', async () => {
    const { jobHost, open, steps } = host({ webgpu: 'wrong' });
    const { provider, results } = await runSynthesisJob(job(), jobHost);
    expect(provider).toMatchObject({ provider: 'wasm', precision: 'fp32' });
    expect(coded(provider.text)).toBe(
      'provider/fell-back(provider/self-test-failed("cunet-decoder-0"), provider/processor(2))',
    );
    expect(Math.max(...results.get('flair')!.volume.data)).toBeCloseTo(0.5);
    expect(open.size).toBe(0);
    // Three networks were right; the processor is not tested.
    expect(checks(steps)).toEqual(['1/4', '2/4', '3/4']);
    await expect(runSynthesisJob(job({ provider: 'webgpu' }), jobHost)).rejects.toMatchObject({
      code: 'self-test-failed',
    });
  });

  it('fails where WebGPU was asked for by name', async () => {
    const { jobHost, decisions, open } = host({ webgpu: 'run' });
    await expect(runSynthesisJob(job({ provider: 'webgpu' }), jobHost)).rejects.toMatchObject({
      code: 'inference-failed',
    });
    expect(decisions).toHaveLength(1);
    expect(open.size).toBe(0);
  });

  it('fails when WebAssembly fails too', async () => {
    const { jobHost } = host({ webgpu: 'load', wasm: 'run' });
    await expect(runSynthesisJob(job(), jobHost)).rejects.toMatchObject({ code: 'inference-failed' });
  });

  it('does not start again after a cancel', async () => {
    const { jobHost, decisions } = host();
    const controller = new AbortController();
    const running = runSynthesisJob(job(), {
      ...jobHost,
      signal: controller.signal,
      onProvider: d => decisions.push(d) && controller.abort(),
    });
    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
    expect(decisions).toHaveLength(1);
  });
});

describe('runBrainJob', () => {
  const { sources, reference, runtime, provider } = job();
  const brainJob = { sources, reference, runtime, provider, brainBundle: 'http://brain/' };

  it('finds the brain and tells what found it and how fast', async () => {
    const { jobHost, open, steps } = host();
    const { found, brain: bundle, flopsPerSecond } = await runBrainJob(brainJob, jobHost);
    // toEqual takes seconds for a mask.
    expect(Buffer.from(brain.mask).equals(found.mask)).toBe(true);
    expect({ ...found, mask: [] }).toEqual({ ...brain, mask: [] });
    expect(bundle).toMatchObject({ id: 'tiny-brain', version: '0.0.2' });
    expect(flopsPerSecond).toBeGreaterThan(1e6);
    expect(new Set(steps.map(s => s.stage))).toEqual(new Set(['brain']));
    expect(open.size).toBe(0);
  });

  it('goes on with WebAssembly when the GPU fails', async () => {
    const { jobHost, open } = host({ webgpu: 'run' });
    expect((await runBrainJob(brainJob, jobHost)).provider.provider).toBe('wasm');
    expect(open.size).toBe(0);
  });
});
