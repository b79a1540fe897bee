import type { Placement } from '../backends/Networks';
import type { ServerPlace } from '../backends/oip/openServedModel';
import { servedFault } from '../backends/servedFault';
import type { NetworkSelection } from '../bundle/loadBundle';
import { cancelled, SynthesisError, throwIfCancelled } from '../errors';
import { message } from '../messages';
import type { AcquiredSources, Executor, JobSteps, OpenJob, RunOptions } from '../pipeline/Executor';
import type { Answer, FromWorker, StepName, ToWorker } from './protocol';

/** Time for a cancelled step to finish its slab before its worker is terminated, ms. */
const GRACE = 5000;
/** Time for a new worker to take its lock, ms: one that was killed before would be waited for. */
const START = 60_000;

/** Runs jobs in a worker, one step at a time. */
export class WorkerExecutor implements Executor {
  private worker: Worker | undefined;
  /** The step that runs. */
  private step: { answer(data: Answer): void; lost(error: SynthesisError): void } | undefined;
  private jobs = 0;

  /**
   * @param createWorker starts the bundled engine/web/worker
   * @param runtime folder of the onnxruntime-web files, absolute, with a trailing slash
   * @param script address of the worker's script
   * @param serverHeaders headers for the site's server besides those of its configuration, as they are now
   */
  constructor(
    private readonly createWorker: () => Worker,
    private readonly runtime: string,
    private readonly script: string,
    private readonly serverHeaders: () => Readonly<Record<string, string>> = () => ({}),
  ) {}

  startNetworks(wanted: readonly NetworkSelection[], placement: Placement): void {
    send(this.worker ?? this.start(), { type: 'networks', wanted, placement });
  }

  /** Transfers the sources: their arrays are empty afterwards. */
  async open(sources: AcquiredSources): Promise<OpenJob> {
    const worker = this.worker ?? this.start();
    const job = ++this.jobs;
    const buffers = [...sources.sources.values()].map(({ data }) => data.buffer as ArrayBuffer);
    send(worker, { type: 'open', job, sources }, [...new Set(buffers)]);
    const step = <S extends StepName>(name: S): JobSteps[S] =>
      // The answer is that of the step by the protocol.
      ((input: Parameters<JobSteps[S]>[0], run: RunOptions) =>
        this.ask(
          worker,
          { type: 'step', job, name, input: this.withHeaders(input) } as ToWorker,
          run,
        )) as JobSteps[S];
    return {
      checksums: step('checksums'),
      align: step('align'),
      register: step('register'),
      findRegion: step('findRegion'),
      describe: step('describe'),
      synthesize: step('synthesize'),
      errors: step('errors'),
      remakeSources: step('remakeSources'),
      close: () => send(worker, { type: 'close', job }),
    };
  }

  private withHeaders<I extends object>(input: I): I {
    const { server }: { server?: ServerPlace } = input;
    if (!server) return input;
    return { ...input, server: { ...server, headers: { ...server.headers, ...this.serverHeaders() } } };
  }

  async release(): Promise<void> {
    if (this.worker && !this.step) send(this.worker, { type: 'release' });
  }

  /**
   * @throws SynthesisError of the step, `busy` if another one runs, `cancelled` if `signal` is aborted. A
   *   worker that does not cancel in time is terminated, and so is one whose networks failed: a runtime
   *   without memory does not recover. The next job starts a new one.
   */
  private async ask(
    worker: Worker,
    request: ToWorker,
    { signal, onStep, onBackend }: RunOptions,
  ): Promise<unknown> {
    if (this.step) throw new SynthesisError('busy', message('job/busy'));
    if (worker !== this.worker) throw workerFailed('worker-ended-before');
    let timer: ReturnType<typeof setTimeout> | undefined;
    let abort = () => {};
    try {
      return await new Promise((resolve, reject) => {
        const answer = (data: Answer) => {
          if (data.type === 'progress') onStep?.(data.step);
          else if (data.type === 'backend') onBackend?.(data.settings);
          else if (data.type === 'done') signal?.aborted ? reject(cancelled()) : resolve(data.result);
          else {
            if (data.code === 'inference-failed') this.terminate();
            reject(new SynthesisError(data.code, data.text, { cause: data.cause }));
          }
        };
        this.step = { answer, lost: reject };
        abort = () => {
          send(worker, { type: 'cancel' });
          timer = setTimeout(() => {
            this.terminate();
            reject(cancelled());
          }, GRACE);
        };
        throwIfCancelled(signal);
        signal?.addEventListener('abort', abort, { once: true });
        send(worker, request);
      });
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      this.step = undefined;
    }
  }

  private start(): Worker {
    const worker = this.createWorker();
    let heard = false;
    worker.onerror = async ({ message }) =>
      this.lose(worker, heard ? workerFailed(message) : await unreachable(this.script, message));
    const lock = globalThis.navigator?.locks && crypto.randomUUID();
    const starting = lock && setTimeout(() => this.lose(worker, workerFailed('worker-not-started')), START);
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
      heard = true;
      if (data.type !== 'alive') return this.step?.answer(data);
      clearTimeout(starting);
      // A worker that is killed sends no error event, but frees its lock.
      void navigator.locks.request(lock!, () => this.lose(worker, workerFailed('worker-ended')));
    };
    send(worker, { type: 'start', runtime: this.runtime, lock });
    this.worker = worker;
    return worker;
  }

  /** Takes note of a worker that ended by itself. */
  private lose(worker: Worker, error: SynthesisError): void {
    if (worker !== this.worker) return;
    this.terminate();
    this.step?.lost(error);
  }

  /** Ends the worker at once and frees its memory. */
  private terminate(): void {
    this.worker?.terminate();
    this.worker = undefined;
  }
}

function workerFailed(cause: string): SynthesisError {
  return new SynthesisError('inference-failed', message('job/worker-failed'), { cause });
}

/** The script of a worker did not load. */
async function unreachable(address: string, cause: string): Promise<SynthesisError> {
  const text = (await servedFault(address)) ?? message('provider/runtime-unreachable', { address });
  return new SynthesisError('provider-unavailable', text, { cause });
}

function send(worker: Worker, request: ToWorker, transfer: Transferable[] = []): void {
  worker.postMessage(request, transfer);
}
