import type { Message } from './messages';
import type { MethodStage, MethodStep } from './methods/Method';

/**
 * Share of each stage in the whole, in order: read pixels, register, find the region, download the bundle,
 * self-test (on a GPU), resample and normalize, the stages of the method, write DICOM. Rounded from the time
 * a 1 mm job takes on WebAssembly; only the time left depends on it. A job on disk loads its bundle in
 * `download`.
 */
const SHARES = {
  read: 100,
  register: 50,
  region: 80,
  download: 50,
  check: 20,
  prepare: 20,
  method: 640,
  finish: 40,
};
type CommonStage = Exclude<keyof typeof SHARES, 'region' | 'method'>;

/** What a job is doing now, in its own units. */
export type Step =
  | { stage: CommonStage; done: number; of: number }
  | (OwnStep & { stage: 'region' })
  /** Where the part lies in the share of the method. */
  | (OwnStep & { stage: 'method'; before: number; share: number });

/** A step of a domain or of a method, by their own names. */
interface OwnStep {
  part: string;
  done: number;
  of: number;
  text: Message;
}

/** A step together with its place in the whole job; `total` is the same in every report of every job. */
export type Progress = Step & { completed: number; total: typeof PROGRESS_TOTAL };

export const PROGRESS_TOTAL = 1000;

/** Share of the networks in the time of a job. */
export const METHOD_SHARE = SHARES.method / PROGRESS_TOTAL;

/** Receives steps; the meter turns them into progress. */
export type OnStep = (step: Step) => void;

/** How a caller follows and cancels an operation. */
export type StepOptions = { onStep?: OnStep; signal?: AbortSignal };

/** A function that reports one more unit of a stage as done, each time it is called. */
export function counter(onStep: OnStep, stage: CommonStage, of: number): () => void {
  let done = 0;
  return () => onStep({ stage, done: ++done, of });
}

/** The names of a job's stages in the order in which they run, with those of the method and of the region. */
export function stageNames(stages: readonly Pick<MethodStage, 'id'>[], region: string): string[] {
  const own: Record<string, string[]> = { region: [region], method: stages.map(({ id }) => id) };
  return Object.keys(SHARES).flatMap(stage => own[stage] ?? [stage]);
}

/** The name of a step's stage. */
export function stageName(step: Step): string {
  return 'part' in step ? step.part : step.stage;
}

/**
 * Turns the steps of a method into steps of the whole job: its stages divide the share of the method by their
 * weights.
 */
export function stepsOf(stages: readonly MethodStage[], onStep: OnStep): (step: MethodStep) => void {
  const total = stages.reduce((sum, { weight }) => sum + weight, 0);
  return step => {
    let before = 0;
    for (const { id, weight, text } of stages) {
      const share = (SHARES.method * weight) / total;
      if (id === step.stage) {
        const { done, of } = step;
        onStep({ stage: 'method', part: id, done, of, before, share, text: text(step) });
        return;
      }
      before += share;
    }
  };
}

/** Steps of the n-th of several runs of a method in one job: each has its part of the method's share. */
export function runOf(n: number, of: number, onStep: OnStep): OnStep {
  return step =>
    onStep(
      step.stage === 'method'
        ? { ...step, before: (n * SHARES.method + step.before) / of, share: step.share / of }
        : step,
    );
}

/** The eye follows no faster, ms. */
const NOTICED = 100;

/** Passes on ten reports a second, and of every stage the first and the last: each one draws the page. */
export function paced(report: (progress: Progress) => void): (progress: Progress) => void {
  let last = { stage: '', at: 0 };
  return progress => {
    const stage = stageName(progress);
    const at = performance.now();
    if (stage === last.stage && at - last.at < NOTICED && progress.done < progress.of) return;
    last = { stage, at };
    report(progress);
  };
}

/** Turns steps into progress that never goes back and ends at exactly PROGRESS_TOTAL. */
export class ProgressMeter {
  private highest = 0;

  constructor(private readonly report: (progress: Progress) => void) {}

  readonly step = (step: Step): void => {
    let before = 0;
    for (const [stage, whole] of Object.entries(SHARES)) {
      if (stage === step.stage) {
        const fraction = step.of > 0 ? Math.min(1, Math.max(0, step.done / step.of)) : 1;
        const part = step.stage === 'method' ? step : { before: 0, share: whole };
        this.highest = Math.max(this.highest, Math.round(before + part.before + part.share * fraction));
        this.report({ ...step, completed: this.highest, total: PROGRESS_TOTAL });
        return;
      }
      before += whole;
    }
  };
}
