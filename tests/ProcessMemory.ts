import { readFile } from 'node:fs/promises';
import type { Browser } from '@playwright/test';

/** Between two samples, ms. */
const INTERVAL = 100;

/** Memory of all processes of a browser (page, workers, GPU and the browser itself) at one moment. */
export interface MemorySample {
  /** Of performance.now(). */
  at: number;
  /** Proportional set sizes, summed, bytes. */
  bytes: number;
}

/**
 * Samples the memory of a browser ten times a second: the proportional set size of each of its processes,
 * which the DevTools protocol names, from Linux's /proc.
 */
export class ProcessMemory {
  readonly samples: MemorySample[] = [];
  private stopped = false;
  private readonly sampling: Promise<void>;

  constructor(private readonly browser: Browser) {
    this.sampling = this.sample();
  }

  /** The largest from a moment to another, of performance.now(), bytes. */
  peak(from: number, to = Number.POSITIVE_INFINITY): number {
    const within = this.samples.filter(({ at }) => at >= from && at <= to);
    return Math.max(...within.map(({ bytes }) => bytes));
  }

  /** The smallest since a moment, bytes. */
  least(from: number): number {
    return Math.min(...this.samples.filter(({ at }) => at >= from).map(({ bytes }) => bytes));
  }

  /** The last sample, bytes. */
  get now(): number {
    return this.samples.at(-1)?.bytes ?? 0;
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.sampling;
  }

  private async sample(): Promise<void> {
    const session = await this.browser.newBrowserCDPSession();
    while (!this.stopped) {
      const { processInfo } = await session.send('SystemInfo.getProcessInfo');
      const sizes = await Promise.all(processInfo.map(({ id }) => proportionalSetSize(id)));
      const at = performance.now();
      this.samples.push({ at, bytes: sizes.reduce((sum, bytes) => sum + bytes, 0) });
      await new Promise(resolve => setTimeout(resolve, INTERVAL));
    }
    await session.detach();
  }
}

/** Bytes; 0 of a process that has ended. */
async function proportionalSetSize(process: number): Promise<number> {
  const text = await readFile(`/proc/${process}/smaps_rollup`, 'utf8').catch(() => '');
  return Number(/^Pss:\s+(\d+) kB/m.exec(text)?.[1] ?? 0) * 1024;
}
