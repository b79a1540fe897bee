import { mat4 } from 'gl-matrix';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { BackendSettings } from '../backends/Backend';
import { list } from '../messages';
import { METHODS } from '../methods';
import type { AcquiredSources, OpenJob, RunOptions, SynthesisOutcome } from '../pipeline/Executor';
import type { Step } from '../progress';
import { coded } from '../testing/coded';
import { methodStep } from '../testing/methodStep';
import { tinyBrainManifest } from '../testing/tinyBrain';
import { tinyManifest } from '../testing/tinyManifest';
import type { Volume } from '../volume/Volume';
import type { FromWorker, ToWorker } from './protocol';
import { WorkerExecutor } from './WorkerExecutor';

/** Folder of the runtime, and the worker's script. */
const PLACES = ['https://site/ort/', 'https://site/worker.js'] as const;

/** A worker that only records what crosses its border; the test answers for it. */
class FakeWorker {
  onmessage: ((event: { data: FromWorker }) => void) | null = null;
  onerror: ((event: { message: string }) => void) | null = null;
  readonly sent: ToWorker[] = [];
  terminated = false;
  postMessage(message: ToWorker, transfer: Transferable[]): void {
    this.sent.push(structuredClone(message, { transfer }));
  }
  terminate(): void {
    this.terminated = true;
  }
  /** Ends without a word, as a worker does that is killed: its lock is free. */
  kill(): void {
    for (const { lock } of this.all('start')) locks.get(lock!)?.();
  }
  answer(data: FromWorker): void {
    this.onmessage?.({ data });
  }
  done(result: Extract<FromWorker, { type: 'done' }>['result']): void {
    this.answer({ type: 'done', result });
  }
  /** Requests of a type. */
  all<T extends ToWorker['type']>(type: T): Extract<ToWorker, { type: T }>[] {
    return this.sent.filter((request): request is Extract<ToWorker, { type: T }> => request.type === type);
  }
}

const settings: BackendSettings = {
  runtime: 'onnxruntime-web',
  provider: 'wasm',
  precision: 'fp32',
  threads: 1,
  text: list(['Runs.']),
};
const outcome: SynthesisOutcome = { images: [], settings };
const input = {
  bundle: { manifest: tinyManifest(), sha256: '', baseUrl: 'b/' },
  targets: [{ id: 'flair' }],
  options: METHODS[0].defaults(tinyManifest()),
  seed: 1,
  backend: 'auto',
  precision: 'fp16',
} as const;
const volume = (data: Float32Array): Volume => ({
  dims: [data.length, 1, 1],
  indexToWorld: mat4.create(),
  data,
});
const acquired = (...values: number[]): AcquiredSources => ({
  sources: new Map([
    ['t1', volume(Float32Array.from(values))],
    ['t2', volume(Float32Array.from(values))],
  ]),
  reference: 't1',
  domain: 'brain-mr',
});
const cancelledAnswer: FromWorker = {
  type: 'failed',
  code: 'cancelled',
  text: list(['Cancelled.']),
  cause: '',
};

/** What waits for the locks of workers. */
const locks = new Map<string, () => void>();

let workers: FakeWorker[];
let executor: WorkerExecutor;
let job: OpenJob;
let controller: AbortController;
const synthesize = (run: RunOptions = {}, of = job) =>
  of.synthesize(input, { signal: controller.signal, ...run });

/** Its workers are put into `workers`. */
function newExecutor(serverHeaders?: () => Record<string, string>): WorkerExecutor {
  return new WorkerExecutor(
    () => {
      const worker = new FakeWorker();
      workers.push(worker);
      return worker as unknown as Worker;
    },
    ...PLACES,
    serverHeaders,
  );
}

beforeEach(async () => {
  vi.useFakeTimers();
  vi.stubGlobal('navigator', {
    locks: { request: async (name: string, granted: () => void) => locks.set(name, granted) },
  });
  workers = [];
  controller = new AbortController();
  executor = newExecutor();
  job = await executor.open(acquired(1, 2, 3));
  workers[0].answer({ type: 'alive' });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('WorkerExecutor', () => {
  it('starts one worker for several jobs, each with its own number', async () => {
    await executor.open(acquired(4));
    expect(workers).toHaveLength(1);
    const [started, ...opened] = workers[0].sent;
    expect(started).toEqual({
      type: 'start',
      runtime: 'https://site/ort/',
      lock: expect.any(String),
    });
    expect(opened).toEqual([
      { type: 'open', job: 1, sources: acquired(1, 2, 3) },
      { type: 'open', job: 2, sources: acquired(4) },
    ]);
  });

  it('transfers the sources, also where two share a buffer', async () => {
    const sources = acquired(1, 2, 3);
    await executor.open(sources);
    for (const { data } of sources.sources.values()) expect(data.buffer.byteLength).toBe(0);
    const both = Float32Array.from([1, 2, 3, 4]);
    await executor.open({
      sources: new Map([
        ['t1', volume(both.subarray(0, 2))],
        ['t2', volume(both.subarray(2))],
      ]),
      reference: 't1',
      domain: 'brain-mr',
    });
    expect(both.buffer.byteLength).toBe(0);
    const arrived = workers[0].all('open')[2].sources.sources;
    expect([...arrived.values()].map(({ data }) => [...data])).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  it('hands over a step and resolves with its result', async () => {
    const running = synthesize();
    expect(workers[0].all('step')).toEqual([{ type: 'step', job: 1, name: 'synthesize', input }]);
    workers[0].done(outcome);
    await expect(running).resolves.toBe(outcome);
  });

  it("adds the login of the moment to a server's headers", async () => {
    let token = 'old';
    executor = newExecutor(() => ({ Authorization: token }));
    job = await executor.open(acquired(1));
    token = 'new';
    const server = { url: 'https://ai.example', headers: { k: 'v' }, timeout: 1 };
    const made = job.synthesize({ ...input, server }, {});
    const { input: sent } = workers[1].all('step')[0];
    expect(sent).toMatchObject({ server: { headers: { k: 'v', Authorization: 'new' } } });
    workers[1].done(outcome);
    await made;
  });

  it('asks for every step of its own job', async () => {
    const second = await executor.open(acquired(4));
    const placement = { backend: 'auto', precision: 'fp16' } as const;
    const region = { bundle: { manifest: tinyBrainManifest(), sha256: '', baseUrl: '' }, ...placement };
    const records = [{ role: 't2', millimetres: 1, degrees: 2 } as const];
    const results = [new Map([['t1', 'f'.repeat(64)] as const]), new Map(), undefined];
    const steps: (() => Promise<unknown>)[] = [
      () => second.checksums({}, {}),
      () => job.align({}, {}),
      () => second.register(records, {}),
    ];
    for (const [n, step] of steps.entries()) {
      const running = step();
      workers[0].done(results[n]);
      await expect(running).resolves.toBe(results[n]);
    }
    const finding = job.findRegion(region, {});
    workers[0].answer(cancelledAnswer);
    await expect(finding).rejects.toMatchObject({ code: 'cancelled' });
    expect(workers[0].all('step')).toEqual([
      { type: 'step', job: 2, name: 'checksums', input: {} },
      { type: 'step', job: 1, name: 'align', input: {} },
      { type: 'step', job: 2, name: 'register', input: records },
      { type: 'step', job: 1, name: 'findRegion', input: region },
    ]);
  });

  it('passes on steps and the backend', async () => {
    const steps: Step[] = [];
    const onBackend = vi.fn();
    const running = synthesize({ onStep: s => steps.push(s), onBackend });
    workers[0].answer({ type: 'backend', settings });
    workers[0].answer({ type: 'progress', step: methodStep('images', 1, 2) });
    workers[0].done(outcome);
    await running;
    expect(steps).toEqual([methodStep('images', 1, 2)]);
    expect(onBackend).toHaveBeenCalledWith(settings);
  });

  it('keeps one worker for several steps and jobs', async () => {
    for (let n = 0; n < 2; n++) {
      const running = synthesize({}, await executor.open(acquired(n)));
      workers[0].done(outcome);
      await running;
    }
    expect(workers).toHaveLength(1);
    expect(workers[0].all('start')).toHaveLength(1);
    expect(workers[0].all('step').map(step => step.job)).toEqual([2, 3]);
  });

  it("rejects with the step's own error and runs again", async () => {
    const running = synthesize();
    workers[0].answer({ type: 'failed', code: 'no-region', text: list(['No brain.']), cause: 'stack' });
    await expect(running).rejects.toMatchObject({
      name: 'SynthesisError',
      code: 'no-region',
      text: list(['No brain.']),
      cause: 'stack',
    });
    const next = synthesize();
    workers[0].done(outcome);
    await expect(next).resolves.toBe(outcome);
  });

  it('is busy while a step runs, which goes on', async () => {
    const running = synthesize();
    await expect(synthesize()).rejects.toMatchObject({ code: 'busy' });
    const other = await executor.open(acquired(4));
    await expect(synthesize({}, other)).rejects.toMatchObject({ code: 'busy' });
    expect(workers[0].all('step')).toHaveLength(1);
    workers[0].done(outcome);
    await expect(running).resolves.toBe(outcome);
  });

  it('does not start a step that is cancelled already', async () => {
    controller.abort();
    await expect(synthesize()).rejects.toMatchObject({ code: 'cancelled' });
    expect(workers[0].sent.map(({ type }) => type)).toEqual(['start', 'open']);
  });

  it('asks the worker to cancel and waits for its answer', async () => {
    const running = synthesize();
    controller.abort();
    expect(workers[0].sent.at(-1)).toEqual({ type: 'cancel' });
    workers[0].answer(cancelledAnswer);
    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
    vi.runAllTimers();
    expect(workers[0].terminated).toBe(false);
    controller = new AbortController();
    const next = synthesize();
    workers[0].done(outcome);
    await expect(next).resolves.toBe(outcome);
    expect(workers).toHaveLength(1);
  });

  it('drops a result that comes after the cancel', async () => {
    const running = synthesize();
    controller.abort();
    workers[0].done(outcome);
    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('ends a worker that does not answer a cancel, and starts another', async () => {
    const running = synthesize();
    controller.abort();
    expect(workers[0].terminated).toBe(false);
    const rejected = expect(running).rejects.toMatchObject({ code: 'cancelled' });
    vi.runAllTimers();
    await rejected;
    expect(workers[0].terminated).toBe(true);
    controller = new AbortController();
    const next = synthesize({}, await executor.open(acquired(4)));
    expect(workers).toHaveLength(2);
    expect(workers[1].sent[0]).toMatchObject({ type: 'start', runtime: 'https://site/ort/' });
    workers[1].done(outcome);
    await expect(next).resolves.toBe(outcome);
  });

  it('does not send a cancel after the step has ended', async () => {
    const running = synthesize();
    workers[0].done(outcome);
    await running;
    controller.abort();
    vi.runAllTimers();
    expect(workers[0].all('cancel')).toEqual([]);
    expect(workers[0].terminated).toBe(false);
  });

  it('names the script of a worker that did not load, and tries another', async () => {
    executor = newExecutor();
    const running = synthesize({}, await executor.open(acquired(1)));
    workers[1].onerror?.({ message: '' });
    await expect(running).rejects.toMatchObject({ code: 'provider-unavailable' });
    await running.catch(error => expect(coded(error.text)).toContain('"https://site/worker.js"'));
    await executor.open(acquired(1));
    expect(workers).toHaveLength(3);
  });

  it('ends a worker that crashed, and starts another', async () => {
    const running = synthesize();
    workers[0].onerror?.({ message: 'out of memory' });
    await expect(running).rejects.toMatchObject({ code: 'inference-failed', cause: 'out of memory' });
    expect(workers[0].terminated).toBe(true);
    const next = synthesize({}, await executor.open(acquired(4)));
    expect(workers).toHaveLength(2);
    workers[1].done(outcome);
    await expect(next).resolves.toBe(outcome);
  });

  it('notices that a worker was killed before it had its lock', async () => {
    executor = newExecutor();
    job = await executor.open(acquired(1));
    const running = synthesize();
    workers[1].answer({ type: 'progress', step: { stage: 'prepare', done: 1, of: 2 } });
    const lost = expect(running).rejects.toMatchObject({ code: 'inference-failed' });
    await vi.advanceTimersByTimeAsync(60_000);
    await lost;
    expect(workers[1].terminated).toBe(true);
    await executor.open(acquired(1));
    expect(workers).toHaveLength(3);
    // One that has it may take its time.
    await vi.advanceTimersByTimeAsync(59_000);
    workers[2].answer({ type: 'alive' });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(workers[2].terminated).toBe(false);
  });

  it('notices that a worker was killed, which sends no error', async () => {
    const running = synthesize();
    workers[0].kill();
    await expect(running).rejects.toMatchObject({ message: 'job/worker-failed', cause: 'worker-ended' });
    const next = synthesize({}, await executor.open(acquired(4)));
    expect(workers).toHaveLength(2);
    workers[1].done(outcome);
    await expect(next).resolves.toBe(outcome);
  });

  it('notices it between two steps', async () => {
    workers[0].kill();
    expect(workers[0].terminated).toBe(true);
    await executor.open(acquired(4));
    expect(workers).toHaveLength(2);
  });

  it('ends a worker whose networks failed: its runtime may have no memory left', async () => {
    const running = synthesize();
    workers[0].answer({ type: 'failed', code: 'inference-failed', text: list(['Failed.']), cause: '' });
    await expect(running).rejects.toMatchObject({ code: 'inference-failed', text: list(['Failed.']) });
    expect(workers[0].terminated).toBe(true);
    await executor.open(acquired(4));
    expect(workers).toHaveLength(2);
  });

  it('refuses the steps of a job whose worker was terminated', async () => {
    const running = synthesize();
    workers[0].onerror?.({ message: 'out of memory' });
    await expect(running).rejects.toThrow();
    const refused = { code: 'inference-failed', message: 'job/worker-failed' };
    await expect(synthesize()).rejects.toMatchObject(refused);
    await executor.open(acquired(4));
    await expect(synthesize()).rejects.toMatchObject(refused);
    expect(workers.flatMap(worker => worker.all('step'))).toHaveLength(1);
  });

  it('closes a job in the worker that has it', async () => {
    job.close();
    expect(workers[0].sent.at(-1)).toEqual({ type: 'close', job: 1 });
  });

  it('releases the networks of a worker that is idle', async () => {
    await executor.release();
    expect(workers[0].all('release')).toEqual([{ type: 'release' }]);
    const running = synthesize();
    await executor.release();
    expect(workers[0].all('release')).toHaveLength(1);
    workers[0].done(outcome);
    await running;
  });

  it('starts networks in the worker of the job to come', async () => {
    const created: FakeWorker[] = [];
    const early = new WorkerExecutor(
      () => {
        created.push(new FakeWorker());
        return created[0] as unknown as Worker;
      },
      ...PLACES,
    );
    const wanted = [{ bundle: input.bundle, names: ['cunet-0'] }];
    early.startNetworks(wanted, { backend: 'wasm', precision: 'fp32' });
    await early.open(acquired(1));
    expect(created).toHaveLength(1);
    expect(created[0].sent.map(({ type }) => type)).toEqual(['start', 'networks', 'open']);
    expect(created[0].all('networks')[0].wanted).toEqual(wanted);
  });

  it('starts no worker to release it', async () => {
    const createWorker = vi.fn();
    await new WorkerExecutor(createWorker, ...PLACES).release();
    expect(createWorker).not.toHaveBeenCalled();
  });
});
