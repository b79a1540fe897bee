import { medianHigh } from '../volume/statistics';
import type { Network, Tensor } from './Runtime';

/** A network that measures the duration of its runs. */
export class TimedNetwork implements Network {
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

  /** Median duration of a run, s; the first, in which a runtime compiles, counts only if it is alone. */
  seconds(): number {
    const [first, ...others] = this.milliseconds;
    return (medianHigh(others) ?? first) / 1000;
  }
}
