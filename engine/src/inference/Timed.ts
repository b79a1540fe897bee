import type { Network, Tensor } from './Runtime';

/** A network that notes how long its runs take. */
export class Timed implements Network {
  private readonly milliseconds: number[] = [];

  constructor(private readonly network: Network) {}

  async run(feeds: Readonly<Record<string, Tensor>>): Promise<Record<string, Tensor>> {
    const before = performance.now();
    const result = await this.network.run(feeds);
    this.milliseconds.push(performance.now() - before);
    return result;
  }

  release(): Promise<void> {
    return this.network.release();
  }

  /** Median of the runs, s; the first, in which a runtime still compiles, only counts when it is the only one. */
  seconds(): number {
    const [first, ...others] = this.milliseconds;
    const sorted = others.sort((a, b) => a - b);
    return (sorted[Math.floor(sorted.length / 2)] ?? first) / 1000;
  }
}
