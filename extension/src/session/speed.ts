import type { ProviderDecision } from '@modality-synthesis/engine/web';

/** Where a model ran: a speed is true of this alone. */
export interface SpeedKey {
  /** SHA-256 of the bundle's description. */
  sha256: string;
  provider: ProviderDecision;
}

/** Operations per second of the last job of this model on this machine; undefined before the first. */
export function knownSpeed(key: SpeedKey): number | undefined {
  try {
    return Number(localStorage.getItem(nameOf(key))) || undefined;
  } catch {
    return undefined;
  }
}

/** Remembers it; a browser that keeps nothing for the page forgets it. */
export function rememberSpeed(key: SpeedKey, flopsPerSecond: number): void {
  try {
    localStorage.setItem(nameOf(key), String(Math.round(flopsPerSecond)));
  } catch {
    // The next job measures again.
  }
}

function nameOf({ sha256, provider: { provider, precision, threads } }: SpeedKey): string {
  return `modality-synthesis.speed.${sha256.slice(0, 16)}.${provider}.${precision}.${threads}`;
}
