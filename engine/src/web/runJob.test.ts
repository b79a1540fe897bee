import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { SynthesisError } from '../errors';
import type { Network, Runtime, Tensor } from '../inference/Runtime';
import { head } from '../testing/head';
import { gridOfSteps, sampled } from '../testing/linear';
import { tinyManifest } from '../testing/tinyManifest';
import type { ProviderDecision } from './chooseProvider';
import type { WorkerJob } from './protocol';
import { type JobHost, runJob } from './runJob';

const onnx = new Uint8Array([1, 2, 3]);
const manifest = tinyManifest();
for (const file of Object.values(manifest.files.fp32)) {
  file.sha256 = createHash('sha256').update(onnx).digest('hex');
}
const { slab, size } = manifest.grid;
const { count, channels } = manifest.tokens;

const t1 = sampled(gridOfSteps([40, 48, 44], [4, 0, 0], [0, 4, 0], [0, 0, 4], [-75, -100, -75]), head);

const job = (more: Partial<WorkerJob> = {}): WorkerJob => ({
  sources: new Map([['t1', t1] as const]),
  reference: 't1',
  targets: ['flair'],
  seed: 5,
  bundle: 'http://bundle/',
  runtime: 'http://runtime/',
  provider: 'auto',
  ...more,
});

/** A host with a GPU; `failing` providers break at the given moment. */
function host(failing: Partial<Record<'webgpu' | 'wasm', 'load' | 'run'>> = {}) {
  const decisions: ProviderDecision[] = [];
  const open = new Set<Network>();
  const tensor = (...dims: number[]): Tensor => ({
    dims,
    data: new Float32Array(dims.reduce((a, b) => a * b)).fill(0.5),
  });
  const broken = () => new SynthesisError('inference-failed', 'lost');
  const createRuntime = async ({ provider }: ProviderDecision): Promise<Runtime> => ({
    provider,
    async load() {
      if (failing[provider] === 'load') throw broken();
      const network: Network = {
        async run() {
          if (failing[provider] === 'run') throw broken();
          const tokens = tensor(slab, count, channels);
          return {
            tokens,
            clean: tokens,
            features: tensor(slab, 1, ...size),
            prediction: tensor(slab, 1, ...size),
          };
        },
        release: async () => void open.delete(network),
      };
      open.add(network);
      return network;
    },
  });
  const read = async (path: string) =>
    path === 'bundle.json' ? new TextEncoder().encode(JSON.stringify(manifest)) : onnx;
  const jobHost: JobHost = {
    environment: {
      gpu: { requestAdapter: async () => ({ info: {} }) },
      crossOriginIsolated: true,
      hardwareConcurrency: 2,
    },
    reader: () => read,
    createRuntime,
    onStep: () => {},
    onProvider: decision => decisions.push(decision),
    signal: new AbortController().signal,
  };
  return { jobHost, decisions, open };
}

describe('runJob', () => {
  it('tells what made the result', async () => {
    const { jobHost, open } = host();
    const { volumes, ...told } = await runJob(job({ samples: 3 }), jobHost);
    expect([...volumes.keys()]).toEqual(['flair']);
    expect(Math.max(...volumes.get('flair')!.data)).toBeCloseTo(0.5);
    expect(told).toMatchObject({ samples: 3, seed: 5, bundle: { id: 'tiny', version: '0.0.1' } });
    expect(told.bundle.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(told.provider.provider).toBe('webgpu');
    expect(open.size).toBe(0);
  });

  it.each(['load', 'run'] as const)(
    'goes on with WebAssembly when the GPU fails at %s, and says so',
    async moment => {
      const { jobHost, decisions, open } = host({ webgpu: moment });
      const { provider } = await runJob(job(), jobHost);
      expect(decisions.map(d => d.provider)).toEqual(['webgpu', 'wasm']);
      expect(provider.sentence).toBe(
        'The GPU failed: ran on the processor (WebAssembly, 2 threads) instead.',
      );
      expect(open.size).toBe(0);
    },
  );

  it('fails where WebGPU was asked for by name', async () => {
    const { jobHost, decisions, open } = host({ webgpu: 'run' });
    await expect(runJob(job({ provider: 'webgpu' }), jobHost)).rejects.toMatchObject({
      code: 'inference-failed',
    });
    expect(decisions).toHaveLength(1);
    expect(open.size).toBe(0);
  });

  it('fails when WebAssembly fails too', async () => {
    const { jobHost } = host({ webgpu: 'load', wasm: 'run' });
    await expect(runJob(job(), jobHost)).rejects.toMatchObject({ code: 'inference-failed' });
  });

  it('does not start again after a cancel', async () => {
    const { jobHost, decisions } = host();
    const controller = new AbortController();
    const running = runJob(job(), {
      ...jobHost,
      signal: controller.signal,
      onProvider: d => decisions.push(d) && controller.abort(),
    });
    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
    expect(decisions).toHaveLength(1);
  });
});
