import { mat4 } from 'gl-matrix';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { BackendSettings } from '../backends/Backend';
import type { Placement } from '../backends/Networks';
import { STORED_UNIT } from '../dicom/storedImage';
import { DOMAINS } from '../domains';
import { regionVolume } from '../domains/Region';
import type { RoleId } from '../domains/Role';
import { completeOptions } from '../models';
import type { Step } from '../progress';
import { sha256 } from '../sha256';
import { coded } from '../testing/coded';
import { head } from '../testing/head';
import { gridOfSteps, sampled } from '../testing/linear';
import { moved } from '../testing/movedHead';
import { TinyBackends, tinyModels } from '../testing/tinyBackends';
import { fakeBrain } from '../testing/tinyBrain';
import type { Volume } from '../volume/Volume';
import type { OpenJob, RunOptions, SynthesisInput } from './Executor';
import { LocalExecutor } from './LocalExecutor';

const models = await tinyModels();
const t1 = sampled(gridOfSteps([40, 48, 44], [4, 0, 0], [0, 4, 0], [0, 0, 4], [-75, -100, -75]), head);
const expected = await DOMAINS[0].region.find(
  new Map([['t1', t1]]),
  't1',
  models.region.manifest,
  () => fakeBrain,
);

const AUTO: Placement = { backend: 'auto', precision: 'fp16' };
const GPU: Placement = { backend: 'webgpu', precision: 'fp16' };
const { method: _, ...bundle } = models.synthesis;
const input = (more: Partial<SynthesisInput> = {}): SynthesisInput => ({
  bundle,
  targets: [{ id: 'flair' }],
  options: completeOptions(models.synthesis),
  seed: 5,
  ...AUTO,
  ...more,
});

let backends: TinyBackends;
let executor: LocalExecutor;
let steps: Step[];
let tried: BackendSettings[];
let run: RunOptions;

beforeEach(() => {
  backends = new TinyBackends();
  executor = new LocalExecutor(backends.networks());
  steps = [];
  tried = [];
  run = { onStep: step => steps.push(step), onBackend: settings => tried.push(settings) };
});

/** A job whose region is found; the backends fail from then on as told. */
async function found(failing: TinyBackends['failing'] = {}, placement = AUTO): Promise<OpenJob> {
  const job = await executor.open({ sources: new Map([['t1', t1]]), reference: 't1', domain: 'brain-mr' });
  await job.findRegion({ bundle: models.region, ...placement }, {});
  backends.failing = failing;
  return job;
}

const checks = () => steps.filter(s => s.stage === 'check').map(s => `${s.done}/${s.of}`);
const providers = () => tried.map(({ provider }) => provider);
const SYNTHESIS = ['cunet-0', 'cunet-1'];
const on = (provider: string, names: readonly string[]) => names.map(name => `${provider} ${name}`);

describe('synthesize', () => {
  it('tells where the result was made', async () => {
    const job = await found();
    const { images, settings } = await job.synthesize(input(), run);
    expect(images.map(({ id }) => id)).toEqual(['flair']);
    const [{ stored }] = images;
    expect(stored).toHaveLength(t1.data.length);
    expect(stored.reduce((most, v) => Math.max(most, v))).toBe(0.5 * STORED_UNIT);
    expect(settings).toMatchObject({ runtime: 'onnxruntime-web', provider: 'webgpu', precision: 'fp32' });
    expect(tried).toEqual([settings]);
    expect(checks()).toEqual(['1/2', '2/2']);
    await executor.release();
    expect(backends.open.size).toBe(0);
  });

  it('tells the expected errors of what it made last, in a step of its own', async () => {
    const job = await found();
    expect(await job.errors({}, run)).toEqual(new Map());
    await job.synthesize(input(), run);
    const errors = await job.errors({}, run);
    const tenth = expect.closeTo(0.1, 5);
    expect([...errors.keys()]).toEqual(['flair']);
    expect(errors.get('flair')).toMatchObject({ largest: tenth, mean: tenth, full: 1, unit: 'range' });
    job.close();
    expect(await job.errors({}, run)).toEqual(new Map());
  });

  it('keeps the parameters of a target', async () => {
    const job = await found();
    const target = { id: 'flair', parameters: { dose: 0.1 } } as const;
    const { images } = await job.synthesize(input({ targets: [target] }), run);
    expect(images[0]).toMatchObject(target);
  });

  it('needs the region', async () => {
    const job = await executor.open({ sources: new Map([['t1', t1]]), reference: 't1', domain: 'brain-mr' });
    await expect(async () => job.synthesize(input(), run)).rejects.toThrow(RangeError);
  });

  it.each(['load', 'run'] as const)(
    'goes on with WebAssembly when the GPU fails at %s, and says so',
    async moment => {
      const job = await found({ webgpu: moment });
      const { settings } = await job.synthesize(input(), run);
      expect(providers()).toEqual(['webgpu', 'wasm']);
      expect(coded(settings.text)).toBe('provider/fell-back(provider/gpu-failed, provider/processor(2))');
      // Those of the backend that failed are released, the brain network among them.
      expect([...backends.open].sort()).toEqual(on('wasm', SYNTHESIS).sort());
      await executor.release();
      expect(backends.open.size).toBe(0);
    },
  );

  it('replaces a GPU that computes wrongly, and names the network', async () => {
    const job = await found({ webgpu: 'wrong' });
    const { settings, images } = await job.synthesize(input(), run);
    expect(settings).toMatchObject({ provider: 'wasm', precision: 'fp32' });
    expect(coded(settings.text)).toBe(
      'provider/fell-back(provider/self-test-failed("cunet-1"), provider/processor(2))',
    );
    expect(images[0].stored.reduce((most, v) => Math.max(most, v))).toBe(0.5 * STORED_UNIT);
    // One network was right; the processor is not tested.
    expect(checks()).toEqual(['1/2']);
    await expect(job.synthesize(input(GPU), run)).rejects.toMatchObject({ code: 'self-test-failed' });
    expect(backends.open.size).toBe(0);
  });

  it('fails where WebGPU was asked for by name', async () => {
    const job = await found({ webgpu: 'run' }, GPU);
    await expect(job.synthesize(input(GPU), run)).rejects.toMatchObject({ code: 'inference-failed' });
    expect(providers()).toEqual(['webgpu']);
    expect(backends.open.size).toBe(0);
  });

  it('fails when WebAssembly fails too', async () => {
    const job = await found({ webgpu: 'load', wasm: 'run' });
    await expect(job.synthesize(input(), run)).rejects.toMatchObject({ code: 'inference-failed' });
    expect(providers()).toEqual(['webgpu', 'wasm']);
    expect(backends.open.size).toBe(0);
  });

  it('does not start again after a cancel', async () => {
    const job = await found();
    const controller = new AbortController();
    const onBackend = (settings: BackendSettings) => {
      tried.push(settings);
      controller.abort();
    };
    const running = job.synthesize(input(), { onBackend, signal: controller.signal });
    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
    expect(tried).toHaveLength(1);
  });
});

describe('findRegion', () => {
  const finding = { bundle: models.region, ...AUTO };

  it('finds the brain and tells how fast', async () => {
    const job = await executor.open({ sources: new Map([['t1', t1]]), reference: 't1', domain: 'brain-mr' });
    const { found: region, flopsPerSecond } = await job.findRegion(finding, run);
    // toEqual takes seconds for a mask.
    expect(Buffer.from(region.mask).equals(expected.mask)).toBe(true);
    expect({ ...region, mask: [] }).toEqual({ ...expected, mask: [] });
    expect(flopsPerSecond).toBeGreaterThan(1e6);
    expect(new Set(steps.map(s => s.stage))).toEqual(new Set(['region']));
    await executor.release();
    expect(backends.open.size).toBe(0);
  });

  it('goes on with WebAssembly when the GPU fails', async () => {
    backends.failing = { webgpu: 'run' };
    backends.brainFails = true;
    const job = await executor.open({ sources: new Map([['t1', t1]]), reference: 't1', domain: 'brain-mr' });
    await job.findRegion(finding, run);
    expect(providers()).toEqual(['webgpu', 'wasm']);
    expect([...backends.open]).toEqual(['wasm brain']);
  });
});

describe('describe', () => {
  it('says what the model will see, and prepares it for the synthesis, whose pixels stay', async () => {
    const plain = await (await found()).synthesize(input(), {});
    const job = await found();
    const { sources, pairs, region } = await job.describe({ bundle }, run);
    expect([[...sources.keys()], pairs]).toEqual([['t1'], []]);
    expect(Math.exp(region.volume)).toBeCloseTo(regionVolume(expected), 6);
    expect(steps).toEqual([]);
    const { images } = await job.synthesize(input(), run);
    expect(steps.filter(s => s.stage === 'prepare')).toEqual([{ stage: 'prepare', done: 1, of: 1 }]);
    expect(Buffer.from(images[0].stored.buffer).equals(Buffer.from(plain.images[0].stored.buffer))).toBe(
      true,
    );
  });

  it('prepares again for another model', async () => {
    const job = await found();
    await job.describe({ bundle: { ...bundle, sha256: 'd'.repeat(64) } }, run);
    await job.synthesize(input(), run);
    expect(steps.filter(s => s.stage === 'prepare').length).toBeGreaterThan(1);
  });
});

describe('the steps before', () => {
  const shift = mat4.fromTranslation(mat4.create(), [8, 0, 0]);
  const back = mat4.invert(mat4.create(), shift)!;
  const both = (second: Volume) => ({
    sources: new Map<RoleId, Volume>([
      ['t1', t1],
      ['t2', second],
    ]),
    reference: 't1' as const,
    domain: 'brain-mr',
  });
  const brainOf = async (job: OpenJob) =>
    (await job.findRegion({ bundle: models.region, ...AUTO }, {})).found.mask;

  it('hash the values of every source, of nothing beside them', async () => {
    const padded = new Float32Array(t1.data.length + 8);
    padded.set(t1.data, 4);
    const job = await executor.open(both({ ...t1, data: padded.subarray(4, -4) }));
    const own = await sha256(new Uint8Array(t1.data.buffer as ArrayBuffer));
    expect(await job.checksums({}, run)).toEqual(
      new Map([
        ['t1', own],
        ['t2', own],
      ]),
    );
  });

  it('register the sources by the images, for the steps that follow', async () => {
    const job = await executor.open(both(moved(t1, shift)));
    const alignments = await job.align({}, run);
    expect([...alignments.keys()]).toEqual(['t2']);
    const { verdict, millimetres } = alignments.get('t2')!;
    expect(verdict).toBe('registered');
    expect(Math.abs(millimetres - 8)).toBeLessThan(0.5);
    expect(new Set(steps.map(s => s.stage))).toEqual(new Set(['register']));
    const [mask, misplaced] = [
      await brainOf(job),
      await brainOf(await executor.open(both(moved(t1, shift)))),
    ];
    const differences = (a: Uint8Array) => a.filter((v, i) => v !== expected.mask[i]).length;
    expect(differences(mask)).toBeLessThan(differences(misplaced) / 4);
  });

  it('register them as a record says, without the images', async () => {
    const job = await executor.open(both(moved(t1, shift)));
    await job.register([{ role: 't2', millimetres: 8, degrees: 0, transform: [...back] }], run);
    const truth = await executor.open(both(t1));
    expect(Buffer.from(await brainOf(job)).equals(await brainOf(truth))).toBe(true);
    expect(steps).toEqual([]);
  });
});

describe('the next job', () => {
  const shift = mat4.fromTranslation(mat4.create(), [8, 0, 0]);
  const sources = (second = moved(t1, shift)) => ({
    sources: new Map<RoleId, Volume>([
      ['t1', t1],
      ['t2', second],
    ]),
    reference: 't1' as const,
    domain: 'brain-mr',
  });
  const finding = { bundle: models.region, ...AUTO };
  /** The stages that a job with these sources goes through, and what it finds. */
  async function measured(acquired = sources()) {
    steps = [];
    const job = await executor.open(acquired);
    const alignments = await job.align({}, run);
    const { found } = await job.findRegion(finding, run);
    const { images } = await job.synthesize(input(), {});
    return { stages: new Set(steps.map(s => s.stage)), alignments, found, stored: images[0].stored };
  }

  it('with the same sources uses their registration and region', async () => {
    const first = await measured();
    const next = await measured();
    expect([first.stages, next.stages]).toEqual([new Set(['register', 'region']), new Set()]);
    expect(next.alignments).toBe(first.alignments);
    expect(next.found).toBe(first.found);
    expect(Buffer.from(next.stored.buffer).equals(Buffer.from(first.stored.buffer))).toBe(true);
  });

  it.each([
    ['other values', { ...moved(t1, shift), data: t1.data.map((v, i) => (i ? v : v + 1)) }],
    ['another place', moved(t1, mat4.fromTranslation(mat4.create(), [6, 0, 0]))],
  ])('with %s registers again', async (_, second) => {
    const first = await measured();
    const next = await measured(sources(second));
    expect(next.stages).toContain('register');
    expect(next.alignments).not.toBe(first.alignments);
  });

  it('measures again after release()', async () => {
    await measured();
    await executor.release();
    expect((await measured()).stages).toEqual(new Set(['register', 'region']));
  });
});

describe('the networks', () => {
  it('stay warm for a second job, which tests none', async () => {
    await (await found()).synthesize(input(), run);
    const all = on('webgpu', ['brain', ...SYNTHESIS]);
    expect(backends.started).toEqual(all);
    expect(backends.files).toHaveLength(all.length);
    steps = [];
    const { images } = await (await found()).synthesize(input(), run);
    expect(images).toHaveLength(1);
    expect(backends.started).toEqual(all);
    expect(backends.files).toHaveLength(all.length);
    expect(steps.some(s => s.stage === 'check' || s.stage === 'download')).toBe(false);
  });

  it('run the graphs for WebAssembly on WebAssembly only', async () => {
    const { manifest } = models.synthesis;
    const path = 'wasm/cunet-0.onnx';
    const wasm = { 'cunet-0': { ...manifest.files.fp32['cunet-0'], path } };
    const rewritten = { ...bundle, manifest: { ...manifest, files: { ...manifest.files, wasm } } };
    const job = await found();
    await job.synthesize(input({ bundle: rewritten }), run);
    expect(backends.files).toContain('http://bundle/fp32/cunet-0.onnx');
    expect(backends.files).not.toContain(`http://bundle/${path}`);
    await job.synthesize(input({ bundle: rewritten, backend: 'wasm' }), run);
    expect(backends.files.filter(file => file.endsWith('cunet-0.onnx'))).toEqual([
      'http://bundle/fp32/cunet-0.onnx',
      `http://bundle/${path}`,
    ]);
  });

  it('are tested only where they are new', async () => {
    const job = await found();
    const single = { ...bundle, manifest: Object.assign(structuredClone(bundle.manifest), { members: 1 }) };
    await job.synthesize(input({ bundle: single }), {});
    await job.synthesize(input(), run);
    expect(backends.started.slice(2)).toEqual(['webgpu cunet-1']);
    expect(checks()).toEqual(['1/1']);
  });

  it('are used as they were started ahead, one after another until the first use', async () => {
    const wanted = [
      { bundle: models.region, names: ['brain'] },
      { bundle, names: SYNTHESIS },
    ];
    executor.startNetworks(wanted, AUTO);
    await vi.waitFor(() => expect(backends.started).toHaveLength(3), 20_000);
    const job = await found();
    await job.synthesize(input(), run);
    expect(backends.started).toEqual(on('webgpu', ['brain', ...SYNTHESIS]));
    expect(checks()).toEqual([]);
    await executor.release();
    expect(backends.open.size).toBe(0);

    const networks = backends.networks();
    networks.startAhead(AUTO, wanted);
    await networks.use(AUTO, wanted[0], {}, async () => {});
    await networks.release();
    expect(backends.started.slice(3)).toEqual(on('webgpu', ['brain']));
  });

  it('are tried again where they could not be started ahead', async () => {
    backends.failing = { webgpu: 'wrong' };
    executor.startNetworks([{ bundle, names: SYNTHESIS }], AUTO);
    await vi.waitFor(() => expect(backends.started).toHaveLength(2), 20_000);
    const { settings } = await (await found({ webgpu: 'wrong' })).synthesize(input(), run);
    expect(settings.provider).toBe('wasm');
    expect([...backends.open].sort()).toEqual(on('wasm', SYNTHESIS).sort());
  });

  it('start again after release()', async () => {
    const job = await found();
    await job.synthesize(input(), {});
    await executor.release();
    expect(backends.open.size).toBe(0);
    await job.synthesize(input(), run);
    expect(backends.started.slice(3)).toEqual(on('webgpu', SYNTHESIS));
    expect(checks()).toHaveLength(2);
  });

  it('stay warm after a cancel under way', async () => {
    const job = await found();
    const controller = new AbortController();
    const onStep = (step: Step) => step.stage === 'prepare' && controller.abort();
    await expect(job.synthesize(input(), { onStep, signal: controller.signal })).rejects.toMatchObject({
      code: 'cancelled',
    });
    await job.synthesize(input(), run);
    expect(backends.started).toHaveLength(3);
  });

  it('are tested after all when a cancel cut their test short', async () => {
    const job = await found({ webgpu: 'wrong' });
    const controller = new AbortController();
    const onStep = (step: Step) => step.stage === 'check' && controller.abort();
    await expect(job.synthesize(input(), { onStep, signal: controller.signal })).rejects.toMatchObject({
      code: 'cancelled',
    });
    const { settings } = await job.synthesize(input(), run);
    expect(settings.provider).toBe('wasm');
  });

  describe('with an idle time', () => {
    beforeEach(() => {
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
      executor = new LocalExecutor(backends.networks(1000));
    });
    afterEach(() => vi.useRealTimers());

    it('are released after it, and only after the last job', async () => {
      const job = await found();
      await job.synthesize(input(), {});
      await vi.advanceTimersByTimeAsync(999);
      // A job takes as long as it takes.
      await job.synthesize(input(), {
        onStep: step => step.stage === 'prepare' && vi.advanceTimersByTime(2000),
      });
      await vi.advanceTimersByTimeAsync(999);
      expect(backends.open.size).toBe(3);
      await vi.advanceTimersByTimeAsync(1);
      expect(backends.open.size).toBe(0);
      expect(backends.started).toHaveLength(3);
      expect(vi.getTimerCount()).toBe(0);
    });
  });
});
