import { checkpoint, SynthesisError } from '../errors';
import { rescale } from '../series/rescale';
import { sortSlices } from '../series/slices';
import type { Volume } from '../volume/Volume';
import { readEncodedPixels } from './dicomFile';
import { decodePixels } from './pixels/decodePixels';
import type { FileSeries } from './readStudy';

/**
 * The acquired pixels of a series as one volume.
 * @returns real-world values, LPS: the same as the viewer reads from the same series
 * @throws SynthesisError `geometry-unsupported`, `source-unreadable` or `cancelled`
 */
export async function readVolume(
  series: FileSeries,
  onImage: () => void,
  signal?: AbortSignal,
): Promise<Volume> {
  const { slices, grid } = sortSlices(series.files, series.description);
  const plane = grid.dims[0] * grid.dims[1];
  const data = new Float32Array(plane * slices.length);
  for (const [k, { path, instance }] of slices.entries()) {
    await checkpoint(signal);
    try {
      const pixels = await decodePixels(await readEncodedPixels(path), instance);
      rescale(pixels, instance, data.subarray(k * plane, (k + 1) * plane));
    } catch (thrown) {
      throw new SynthesisError(
        'source-unreadable',
        `The image ${path} of the series “${series.description}” could not be read: ${reason(thrown)}.`,
        { cause: thrown },
      );
    }
    onImage();
  }
  return { ...grid, data };
}

/** The WebAssembly decoders throw numbers. */
function reason(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message.replace(/\.$/, '') : 'its pixels are damaged';
}
