import { mat4 } from 'gl-matrix';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { list } from '../messages';
import type { Step } from '../progress';
import { methodStep } from '../testing/methodStep';
import type { FromWorker, SynthesisOutcome, ToWorker, WorkerJob } from './protocol';
import { SynthesisClient } from './SynthesisClient';

/** A worker that only records; the test answers for it. */
class FakeWorker {
  onmessage: ((event: { data: FromWorker }) => void) | null = null;
  onerror: ((event: { message: string }) => void) | null = null;
  readonly sent: ToWorker[] = [];
  terminated = false;
  postMessage(message: ToWorker): void {
    this.sent.push(message);
  }
  terminate(): void {
    this.terminated = true;
  }
  answer(data: FromWorker): void {
    this.onmessage?.({ data });
  }
}

const decision = { provider: 'wasm', precision: 'fp32', threads: 1, text: list(['Runs.']) } as const;
const job: WorkerJob = {
  sources: new Map(),
  reference: 't1',
  brain: {
    grid: { dims: [1, 1, 1], indexToWorld: mat4.create() },
    mask: new Uint8Array(1),
  },
  targets: [{ id: 'flair' }],
  options: { steps: 2, conditioning: 'diffusion' },
  seed: 1,
  bundle: 'b/',
  runtime: 'r/',
  provider: 'auto',
};
const outcome: SynthesisOutcome = {
  results: new Map(),
  bundle: { id: 'tiny', version: '0.0.1', name: 'Tiny', sha256: '' },
  card: { intended_use: '', not_for: [], limitations: [] },
  details: new Map(),
  method: { id: 'cdm', options: { samples: 1, steps: 2, conditioning: 'diffusion' } },
  seed: 1,
  provider: decision,
  seconds: 1,
};
const cancelledAnswer: FromWorker = {
  type: 'failed',
  code: 'cancelled',
  text: list(['Cancelled.']),
  cause: '',
};

let workers: FakeWorker[];
let client: SynthesisClient;
let controller: AbortController;
const start = () => client.run(job, { signal: controller.signal });

beforeEach(() => {
  vi.useFakeTimers();
  workers = [];
  controller = new AbortController();
  client = new SynthesisClient(() => {
    const worker = new FakeWorker();
    workers.push(worker);
    return worker as unknown as Worker;
  });
});
afterEach(() => vi.useRealTimers());

describe('SynthesisClient', () => {
  it('hands over the job and resolves with its outcome', async () => {
    const running = start();
    expect(workers[0].sent).toEqual([{ type: 'run', job }]);
    workers[0].answer({ type: 'done', outcome });
    await expect(running).resolves.toBe(outcome);
  });

  it('asks how the sources lie on the reference', async () => {
    const question = { sources: new Map(), reference: 't1' } as const;
    const running = client.align(question, { signal: controller.signal });
    expect(workers[0].sent).toEqual([{ type: 'align', job: question }]);
    const alignments = new Map();
    workers[0].answer({ type: 'done', outcome: alignments });
    await expect(running).resolves.toBe(alignments);
  });

  it('passes on steps and the provider', async () => {
    const steps: Step[] = [];
    const onProvider = vi.fn();
    const running = client.run(job, { signal: controller.signal, onStep: s => steps.push(s), onProvider });
    workers[0].answer({ type: 'provider', decision });
    workers[0].answer({ type: 'step', step: methodStep('images', 1, 2) });
    workers[0].answer({ type: 'done', outcome });
    await running;
    expect(steps).toEqual([methodStep('images', 1, 2)]);
    expect(onProvider).toHaveBeenCalledWith(decision);
  });

  it('keeps one worker for several jobs', async () => {
    for (let n = 0; n < 2; n++) {
      const running = start();
      workers[0].answer({ type: 'done', outcome });
      await running;
    }
    expect(workers).toHaveLength(1);
    expect(workers[0].sent).toHaveLength(2);
  });

  it("rejects with the job's own error and runs again", async () => {
    const running = start();
    workers[0].answer({ type: 'failed', code: 'no-brain', text: list(['No brain.']), cause: 'stack' });
    await expect(running).rejects.toMatchObject({
      name: 'SynthesisError',
      code: 'no-brain',
      text: list(['No brain.']),
      cause: 'stack',
    });
    const next = start();
    workers[0].answer({ type: 'done', outcome });
    await expect(next).resolves.toBe(outcome);
  });

  it('is busy while a job runs, which goes on', async () => {
    const running = start();
    await expect(start()).rejects.toMatchObject({ code: 'busy' });
    expect(workers[0].sent).toHaveLength(1);
    workers[0].answer({ type: 'done', outcome });
    await expect(running).resolves.toBe(outcome);
  });

  it('does not start a job that is cancelled already', async () => {
    controller.abort();
    await expect(start()).rejects.toMatchObject({ code: 'cancelled' });
    expect(workers.flatMap(w => w.sent)).toEqual([]);
  });

  it('asks the worker to cancel and waits for its answer', async () => {
    const running = start();
    controller.abort();
    expect(workers[0].sent[1]).toEqual({ type: 'cancel' });
    workers[0].answer(cancelledAnswer);
    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
    vi.runAllTimers();
    expect(workers[0].terminated).toBe(false);
    controller = new AbortController();
    const next = start();
    workers[0].answer({ type: 'done', outcome });
    await expect(next).resolves.toBe(outcome);
    expect(workers).toHaveLength(1);
  });

  it('drops an outcome that comes after the cancel', async () => {
    const running = start();
    controller.abort();
    workers[0].answer({ type: 'done', outcome });
    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('ends a worker that does not answer a cancel, and starts another', async () => {
    const running = start();
    controller.abort();
    expect(workers[0].terminated).toBe(false);
    const rejected = expect(running).rejects.toMatchObject({ code: 'cancelled' });
    vi.runAllTimers();
    await rejected;
    expect(workers[0].terminated).toBe(true);
    controller = new AbortController();
    const next = start();
    expect(workers).toHaveLength(2);
    workers[1].answer({ type: 'done', outcome });
    await expect(next).resolves.toBe(outcome);
  });

  it('does not send a cancel after the job has ended', async () => {
    const running = start();
    workers[0].answer({ type: 'done', outcome });
    await running;
    controller.abort();
    vi.runAllTimers();
    expect(workers[0].sent).toHaveLength(1);
    expect(workers[0].terminated).toBe(false);
  });

  it('ends a worker that crashed, and starts another', async () => {
    const running = start();
    workers[0].onerror?.({ message: 'out of memory' });
    await expect(running).rejects.toMatchObject({ code: 'inference-failed', cause: 'out of memory' });
    expect(workers[0].terminated).toBe(true);
    void start().catch(() => {});
    expect(workers).toHaveLength(2);
  });
});
