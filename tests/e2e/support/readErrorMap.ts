import type { Page } from '@playwright/test';
import type { HostWindow } from './SynthesisPage';

/** An error map as the session gives it: its values by their SHA-256, and a few figures. */
export interface ReadErrorMap {
  dims: number[];
  indexToWorld: number[];
  unit: string;
  sha256: string;
  largest: number;
  text?: string;
  regionSha256?: string;
  /** Voxels in which something cannot be told. */
  inRegion?: number;
}

/** The error map of a synthetic series. */
export function readErrorMap(page: Page, description: string): Promise<ReadErrorMap> {
  return page.evaluate(async wanted => {
    interface ErrorMap {
      volume: { dims: number[]; indexToWorld: ArrayLike<number>; data: Float32Array<ArrayBuffer> };
      unit: string;
      region?: { mask: Uint8Array<ArrayBuffer>; text: string };
    }
    const { services } = window as unknown as HostWindow & {
      services: { synthesisService: { errorMap(uid: string): Promise<ErrorMap> } };
    };
    const sets = services.displaySetService.getActiveDisplaySets();
    const result = sets.find(d => d.SeriesDescription === wanted)!;
    const { volume, unit, region } = await services.synthesisService.errorMap(result.SeriesInstanceUID);
    const sha256 = async (data: BufferSource) =>
      [...new Uint8Array(await crypto.subtle.digest('SHA-256', data))].join(' ');
    return {
      dims: volume.dims,
      indexToWorld: Array.from(volume.indexToWorld),
      unit,
      sha256: await sha256(volume.data),
      largest: volume.data.reduce((most, value) => Math.max(most, value), 0),
      text: region?.text,
      regionSha256: region && (await sha256(region.mask)),
      inRegion: region?.mask.reduce((sum, inside) => sum + inside, 0),
    };
  }, description);
}
