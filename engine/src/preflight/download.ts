import { decimal, message } from '../messages';
import type { PreflightFacts } from './facts';
import type { Finding } from './report';

/** How much of the model must still come over the network. */
export function download({ download }: PreflightFacts): Finding | null {
  if (!download) return null;
  const { needed, missing } = download;
  const megabytes = (bytes: number) => message('unit/megabytes', { megabytes: decimal(bytes / 1e6, 1) });
  return {
    level: 'green',
    text:
      missing === 0
        ? message('preflight/download-none', { needed: megabytes(needed) })
        : message('preflight/download-some', { missing: megabytes(missing), needed: megabytes(needed) }),
  };
}
