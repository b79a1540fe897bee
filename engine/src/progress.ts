import type { Contrast } from './contrast/Contrast';

/** What a job is doing now, in its own units. */
export type Step =
  | { stage: 'read'; done: number; of: number }
  | { stage: 'register'; done: number; of: number }
  | { stage: 'brain'; done: number; of: number }
  | { stage: 'download'; done: number; of: number }
  | { stage: 'check'; done: number; of: number }
  | { stage: 'prepare'; done: number; of: number }
  | { stage: 'tokens'; done: number; of: number }
  | { stage: 'diffusion'; done: number; of: number; target: Contrast }
  | { stage: 'images'; done: number; of: number }
  | { stage: 'finish'; done: number; of: number };

export type Stage = Step['stage'];

/** A step together with its place in the whole job; `total` is the same in every report of every job. */
export type Progress = Step & { completed: number; total: typeof PROGRESS_TOTAL };

export const PROGRESS_TOTAL = 1000;

/**
 * Share of each stage in the whole, in order: read pixels, register, find the brain, download the bundle,
 * self-test (on a GPU), resample and normalize, MRM, MDN, C-UNet, write DICOM. Rounded from the time a 1 mm
 * job takes on WebAssembly; only the time left depends on it.
 */
const SHARES: readonly [Stage, number][] = [
  ['read', 100],
  ['register', 50],
  ['brain', 80],
  ['download', 50],
  ['check', 20],
  ['prepare', 20],
  ['tokens', 60],
  ['diffusion', 140],
  ['images', 440],
  ['finish', 40],
];

/** The stages in the order in which they run; a job on disk loads its bundle in `download`. */
export const STAGES: readonly Stage[] = SHARES.map(([stage]) => stage);

/** Turns steps into progress that never goes back and ends at exactly PROGRESS_TOTAL. */
export class ProgressMeter {
  private highest = 0;

  constructor(private readonly report: (progress: Progress) => void) {}

  readonly step = (step: Step): void => {
    let before = 0;
    for (const [stage, share] of SHARES) {
      if (stage === step.stage) {
        const fraction = step.of > 0 ? Math.min(1, Math.max(0, step.done / step.of)) : 1;
        this.highest = Math.max(this.highest, Math.round(before + share * fraction));
        this.report({ ...step, completed: this.highest, total: PROGRESS_TOTAL });
        return;
      }
      before += share;
    }
  };
}

/** Receives steps; the meter turns them into progress. */
export type OnStep = (step: Step) => void;

/** How a caller follows and cancels an operation. */
export type StepOptions = { onStep?: OnStep; signal?: AbortSignal };

/** A function that reports one more unit of a stage as done, each time it is called. */
export function counter(onStep: OnStep, stage: Exclude<Stage, 'diffusion'>, of: number): () => void {
  let done = 0;
  return () => onStep({ stage, done: ++done, of });
}
