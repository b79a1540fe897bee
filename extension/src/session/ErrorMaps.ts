import {
  type CompactErrors,
  type ErrorMap,
  eachLesion,
  type Grid,
  makeErrorMap,
  type OfLesions,
  SynthesisError,
} from '@modality-synthesis/engine';
import { message } from '../i18n/message';

/** Maps kept at once after they were asked for: a large one has 50 MB. */
const ASKED = 4;

/** What was kept of a result, its bytes in Blobs: the browser may put them on disk. */
interface Kept {
  errors: Omit<CompactErrors, 'roots' | 'region' | 'lesions'>;
  roots: Blob;
  region?: { mask: Blob; text: string };
  lesions?: OfLesions<Blob>;
  /** Of the result. */
  grid: Grid;
}

/** Error maps of results, made when they are asked for. */
export class ErrorMaps {
  private readonly kept = new Map<string, Kept>();
  /** The last asked for last. */
  private readonly asked = new Map<string, Promise<ErrorMap>>();

  /** @param stored reads the map of a series from the archive; undefined where there is none */
  constructor(private readonly stored: (SeriesInstanceUID: string) => Promise<ErrorMap | undefined>) {}

  /** @param grid of the result */
  add(SeriesInstanceUID: string, { roots, region, lesions, ...errors }: CompactErrors, grid: Grid): void {
    this.kept.set(SeriesInstanceUID, {
      errors,
      roots: new Blob([roots]),
      ...(region && { region: { mask: new Blob([region.mask]), text: region.text } }),
      ...(lesions && { lesions: eachLesion(lesions, bytes => new Blob([bytes])) }),
      grid,
    });
  }

  /** Whether it is a result of this session with a map. */
  has(SeriesInstanceUID: string): boolean {
    return this.kept.has(SeriesInstanceUID);
  }

  remove(SeriesInstanceUID: string): void {
    this.kept.delete(SeriesInstanceUID);
    this.asked.delete(SeriesInstanceUID);
  }

  /** @throws SynthesisError `no-error-map` */
  of(SeriesInstanceUID: string): Promise<ErrorMap> {
    const asked = this.asked.get(SeriesInstanceUID) ?? this.make(SeriesInstanceUID);
    this.asked.delete(SeriesInstanceUID);
    this.asked.set(SeriesInstanceUID, asked);
    const [oldest] = this.asked.keys();
    if (this.asked.size > ASKED) this.asked.delete(oldest);
    // A failure may be the archive's: the next one who asks tries again.
    asked.catch(() => this.asked.get(SeriesInstanceUID) === asked && this.asked.delete(SeriesInstanceUID));
    return asked;
  }

  private async make(SeriesInstanceUID: string): Promise<ErrorMap> {
    const kept = this.kept.get(SeriesInstanceUID);
    if (kept) return makeErrorMap(await errorsOf(kept), kept.grid);
    const map = await this.stored(SeriesInstanceUID);
    if (!map) throw new SynthesisError('no-error-map', message('error-map/none'));
    return map;
  }
}

async function errorsOf({ errors, roots, region, lesions }: Kept): Promise<CompactErrors> {
  return {
    ...errors,
    roots: await bytesOf(roots),
    ...(region && { region: { ...region, mask: await bytesOf(region.mask) } }),
    ...(lesions && {
      lesions: {
        any: await bytesOf(lesions.any),
        ...(lesions.enhancing && { enhancing: await bytesOf(lesions.enhancing) }),
      },
    }),
  };
}

async function bytesOf(blob: Blob): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await blob.arrayBuffer());
}
