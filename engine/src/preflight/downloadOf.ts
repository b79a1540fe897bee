import type { Precision } from '../bundle/fields';
import { wantedFiles } from '../bundle/loadBundle';
import type { Contrast } from '../contrast/Contrast';
import type { Options } from '../methods/Method';
import { type Models, wantedNetworks } from '../models';
import type { DownloadFacts } from './facts';

/**
 * How much of the networks a job must still download.
 * @param isStored whether the file of that SHA-256 is on this machine
 * @returns nothing for contrasts that the model does not know
 */
export function downloadOf(
  models: Models,
  sources: readonly Contrast[],
  targets: readonly Contrast[],
  options: Options,
  precision: Precision,
  isStored: (sha256: string) => boolean,
): DownloadFacts | undefined {
  const known = models.synthesis.manifest.contrasts;
  if (![...sources, ...targets].every(contrast => known.includes(contrast))) return undefined;
  const files = wantedFiles(Object.values(wantedNetworks(models, sources, targets, options)), precision);
  const bytes = (some: typeof files) => some.reduce((sum, file) => sum + file.bytes, 0);
  return { needed: bytes(files), missing: bytes(files.filter(file => !isStored(file.sha256))) };
}
