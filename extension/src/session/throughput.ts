import type { ModelLookUp } from '@modality-synthesis/engine';

/** A throughput holds for one model on one backend. */
export interface ThroughputKey {
  /** SHA-256 of the bundle's manifest. */
  sha256: string;
  settings: ModelLookUp['settings'];
}

/** FLOPs of networks per second of the model's last whole job in this browser; undefined before the first. */
export function loadThroughput(key: ThroughputKey): number | undefined {
  try {
    return Number(localStorage.getItem(storageKey(key))) || undefined;
  } catch {
    return undefined;
  }
}

/** Saves the throughput of a job, if the browser has storage for the page. */
export function saveThroughput(key: ThroughputKey, flopsPerSecond: number): void {
  try {
    localStorage.setItem(storageKey(key), String(Math.round(flopsPerSecond)));
  } catch {
    // Without storage the next estimate uses the speed of the region's network.
  }
}

function storageKey({ sha256, settings: { provider, precision, threads } }: ThroughputKey): string {
  return `modality-synthesis.speed.${sha256.slice(0, 16)}.${provider}.${precision}.${threads}`;
}
