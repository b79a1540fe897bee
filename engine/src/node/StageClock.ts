import { STAGES, type Stage } from '../progress';

/** Adds up how long each stage of a job takes. */
export class StageClock {
  private last = performance.now();
  private readonly milliseconds = new Map<Stage, number>(STAGES.map(stage => [stage, 0]));

  /** The time since the last lap was spent on this stage. */
  lap(stage: Stage): void {
    const now = performance.now();
    this.milliseconds.set(stage, this.milliseconds.get(stage)! + now - this.last);
    this.last = now;
  }

  /** To the millisecond. */
  seconds(): Record<Stage, number> {
    const entries = [...this.milliseconds].map(([stage, ms]) => [stage, Math.round(ms) / 1000]);
    return Object.fromEntries(entries) as Record<Stage, number>;
  }
}
