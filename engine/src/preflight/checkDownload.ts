import type { GraphSet } from '../bundle/fields';
import { requiredFiles } from '../bundle/loadBundle';
import type { RoleId } from '../domains/Role';
import { decimal, type Message, message } from '../messages';
import type { Options } from '../methods/Method';
import { type Models, requiredNetworks } from '../models';
import type { DownloadFacts, PreflightFacts } from './facts';
import type { Finding } from './report';

/**
 * Size of the networks of a job, in all and still to download, bytes.
 * @param isStored whether this machine has the file with that SHA-256
 * @param server whether the method runs on a server: only the networks of the region are needed
 * @returns undefined for roles unknown to the model
 */
export function downloadSize(
  { models, options }: { models: Models; options: Options },
  sources: readonly RoleId[],
  targets: readonly RoleId[],
  graphs: GraphSet,
  isStored: (sha256: string) => boolean,
  server = false,
): DownloadFacts | undefined {
  const known = models.synthesis.manifest.roles;
  if (![...sources, ...targets].every(role => known.includes(role))) return undefined;
  const made = targets.map(id => ({ id }));
  const { region, synthesis } = requiredNetworks(models, sources, made, options);
  const files = requiredFiles(server ? [region] : [region, synthesis], graphs);
  const bytes = (some: typeof files) => some.reduce((sum, file) => sum + file.bytes, 0);
  return { needed: bytes(files), missing: bytes(files.filter(file => !isStored(file.sha256))) };
}

/** What is still to download, as a size; undefined where nothing is, or while it is unknown. */
export function downloadOf({ download }: PreflightFacts): Message | undefined {
  return download && download.missing > 0 ? megabytes(download.missing) : undefined;
}

/** Reports the size of the download. */
export function checkDownload({ download }: PreflightFacts): Finding | null {
  if (!download) return null;
  const { needed, missing } = download;
  return {
    level: 'green',
    text:
      missing === 0
        ? message('preflight/download-none', { needed: megabytes(needed) })
        : message('preflight/download-some', { missing: megabytes(missing), needed: megabytes(needed) }),
  };
}

/** "25.7 MB". */
export function megabytes(bytes: number): Message {
  return message('unit/megabytes', { megabytes: decimal(bytes / 1e6, 1) });
}
