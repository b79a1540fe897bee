import { fixed, say } from '../say';
import type { PreflightFacts } from './facts';
import type { Finding } from './report';

/** How much of the model must still come over the network. */
export function download({ download }: PreflightFacts): Finding | null {
  if (!download) return null;
  const { needed, missing } = download;
  const megabytes = (bytes: number) => say`${fixed(bytes / 1e6, 1)} MB`;
  return {
    level: 'green',
    sentence:
      missing === 0
        ? say`The model (${megabytes(needed)}) is on this machine: nothing to download.`
        : say`${megabytes(missing)} of the model's ${megabytes(needed)} must be downloaded.`,
  };
}
