import { cancelled, SynthesisError, throwIfCancelled } from '../errors';
import { message } from '../messages';
import type { OnStep } from '../progress';
import type { ProviderDecision } from './chooseProvider';
import { lookUpModel } from './lookUpModel';
import type {
  AlignmentJob,
  Alignments,
  BrainJob,
  BrainOutcome,
  FromWorker,
  SynthesisOutcome,
  ToWorker,
  WorkerJob,
} from './protocol';

export interface RunOptions {
  signal: AbortSignal;
  onStep?: OnStep;
  /** Called with the provider before the job runs. */
  onProvider?: (decision: ProviderDecision) => void;
}

/** Time for a cancelled job to finish its slab before its worker is terminated, ms. */
const GRACE = 5000;

/** Client of the worker that does all heavy work. One job at a time. */
export class SynthesisClient {
  private worker: Worker | undefined;
  private running = false;

  /** @param createWorker starts the bundled engine/web/worker */
  constructor(private readonly createWorker: () => Worker) {}

  /**
   * @throws SynthesisError of the job, `busy` if another one runs, `cancelled` if `signal` is aborted. A
   *   worker that does not cancel in time is terminated; the next job starts a new one.
   */
  run(job: WorkerJob, options: RunOptions): Promise<SynthesisOutcome> {
    return this.ask<SynthesisOutcome>({ type: 'run', job }, options);
  }

  /** Registers the sources with the reference; throws as `run`. */
  align(job: AlignmentJob, options: RunOptions): Promise<Alignments> {
    return this.ask<Alignments>({ type: 'align', job }, options);
  }

  /** Finds the brain; throws as `run`. */
  findBrain(job: BrainJob, options: RunOptions): Promise<BrainOutcome> {
    return this.ask<BrainOutcome>({ type: 'brain', job }, options);
  }

  /** Runs in the page: it is cheap. */
  readonly lookUp = lookUpModel;

  /** @typeParam T the outcome that belongs to the question */
  private async ask<T extends Alignments | BrainOutcome | SynthesisOutcome>(
    question: ToWorker,
    { signal, onStep, onProvider }: RunOptions,
  ): Promise<T> {
    if (this.running) throw new SynthesisError('busy', message('job/busy'));
    this.worker ??= this.createWorker();
    const worker = this.worker;
    this.running = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const send = (message: ToWorker) => worker.postMessage(message);
    let abort = () => {};
    try {
      return await new Promise<T>((resolve, reject) => {
        worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
          if (data.type === 'step') onStep?.(data.step);
          else if (data.type === 'provider') onProvider?.(data.decision);
          else if (data.type === 'done') signal.aborted ? reject(cancelled()) : resolve(data.outcome as T);
          else reject(new SynthesisError(data.code, data.text, { cause: data.cause }));
        };
        worker.onerror = event => {
          this.terminate();
          const text = message('job/worker-failed');
          reject(new SynthesisError('inference-failed', text, { cause: event.message }));
        };
        abort = () => {
          send({ type: 'cancel' });
          timer = setTimeout(() => {
            this.terminate();
            reject(cancelled());
          }, GRACE);
        };
        throwIfCancelled(signal);
        signal.addEventListener('abort', abort, { once: true });
        send(question);
      });
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      this.running = false;
    }
  }

  /** Ends the worker at once and frees its memory. */
  private terminate(): void {
    this.worker?.terminate();
    this.worker = undefined;
  }
}
