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
  /** Hears where the job runs, before it runs. */
  onProvider?: (decision: ProviderDecision) => void;
}

/** How long a cancelled job may take to come to the end of its slab before its worker is ended, ms. */
const GRACE = 5000;

/** The page's side of the one worker in which everything heavy happens. One job at a time. */
export class SynthesisClient {
  private worker: Worker | undefined;
  private running = false;

  /** @param createWorker starts the bundled engine/web/worker */
  constructor(private readonly createWorker: () => Worker) {}

  /**
   * @throws SynthesisError as the job's own, `busy` when one runs already, `cancelled` when `signal` is aborted;
   * a worker that does not answer a cancel in time is ended, and the next job starts a new one.
   */
  run(job: WorkerJob, options: RunOptions): Promise<SynthesisOutcome> {
    return this.ask<SynthesisOutcome>({ type: 'run', job }, options);
  }

  /** Measures how the sources lie on the reference; throws as `run`. */
  align(job: AlignmentJob, options: RunOptions): Promise<Alignments> {
    return this.ask<Alignments>({ type: 'align', job }, options);
  }

  /** Finds the brain; throws as `run`. */
  findBrain(job: BrainJob, options: RunOptions): Promise<BrainOutcome> {
    return this.ask<BrainOutcome>({ type: 'brain', job }, options);
  }

  /** Works in the page: nothing heavy is in it. */
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

  /** Ends the worker at once; its memory is free, the next job starts another. */
  private terminate(): void {
    this.worker?.terminate();
    this.worker = undefined;
  }
}
