/** Keeps the last outcome of a computation: one that is asked for again with the same key is not repeated. */
export class LastOutcome<T> {
  private last: { key: string; outcome: T } | undefined;

  /** A computation that fails leaves the last outcome. */
  async of(key: string, compute: () => Promise<T>): Promise<T> {
    if (this.last?.key === key) return this.last.outcome;
    const outcome = await compute();
    this.last = { key, outcome };
    return outcome;
  }

  forget(): void {
    this.last = undefined;
  }
}
