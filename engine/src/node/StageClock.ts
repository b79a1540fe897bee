/** Adds up how long each stage of a job takes. */
export class StageClock {
  private last = performance.now();
  private readonly milliseconds = new Map<string, number>();

  /** The time since the last lap was spent on this stage. */
  lap(stage: string): void {
    const now = performance.now();
    this.milliseconds.set(stage, (this.milliseconds.get(stage) ?? 0) + now - this.last);
    this.last = now;
  }

  /** To the millisecond, of these stages. */
  seconds(stages: readonly string[]): Record<string, number> {
    return Object.fromEntries(stages.map(s => [s, Math.round(this.milliseconds.get(s) ?? 0) / 1000]));
  }
}
