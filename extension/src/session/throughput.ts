import type { ModelLookUp } from '@modality-synthesis/engine';

/** A throughput holds for one model on one backend. */
export interface ThroughputKey {
  /** SHA-256 of the bundle's manifest. */
  sha256: string;
  settings: ModelLookUp['settings'];
}

/**
 * FLOPs of networks per second of the model's last whole job in this browser, else of the last job of any
 * model on the same backend; undefined before the first.
 */
export function loadThroughput(key: ThroughputKey): number | undefined {
  try {
    const [own, any] = [keyOfModel(key), keyOfBackend(key)].map(name => Number(localStorage.getItem(name)));
    return own || any || undefined;
  } catch {
    return undefined;
  }
}

/** Saves the throughput of a job, if the browser has storage for the page. */
export function saveThroughput(key: ThroughputKey, flopsPerSecond: number): void {
  try {
    for (const name of [keyOfModel(key), keyOfBackend(key)])
      localStorage.setItem(name, String(Math.round(flopsPerSecond)));
  } catch {
    // Without storage the next estimate uses the speed of the region's network.
  }
}

const PREFIX = 'modality-synthesis.speed';

function keyOfModel({ sha256, settings }: ThroughputKey): string {
  return `${PREFIX}.${sha256.slice(0, 16)}.${backend(settings)}`;
}

function keyOfBackend({ settings }: ThroughputKey): string {
  return `${PREFIX}.${backend(settings)}`;
}

function backend({ provider, precision, threads }: ThroughputKey['settings']): string {
  return `${provider}.${precision}.${threads}`;
}
