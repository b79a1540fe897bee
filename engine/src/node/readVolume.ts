import { type Dataset, number } from '../dicom/Dataset';
import { readEncodedFrames } from '../dicom/node/files';
import { decodePixels } from '../dicom/node/pixels/decodePixels';
import { PixelFault } from '../dicom/PixelFault';
import { rescale, setBackground } from '../dicom/rescale';
import { checkpoint, SynthesisError } from '../errors';
import { message, type Text } from '../messages';
import type { AcquiredVolume } from '../pipeline/Job';
import { sortSlices } from '../series/slices';
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
): Promise<AcquiredVolume> {
  const { slices, grid } = sortSlices(series.files, series.description);
  const plane = grid.dims[0] * grid.dims[1];
  const data = new Float32Array(plane * slices.length);
  const byFile = new Map<string, [number, Dataset][]>();
  for (const [k, { path, instance }] of slices.entries())
    byFile.set(path, [...(byFile.get(path) ?? []), [k, instance]]);
  for (const [path, images] of byFile) {
    await checkpoint(signal);
    try {
      const frames = await readEncodedFrames(path);
      for (const [k, instance] of images) {
        const frame = frames[(number(instance.ReferencedFrameNumber) ?? 1) - 1];
        if (!frame) throw new PixelFault('it has fewer frames than it says');
        const pixels = await decodePixels(frame, instance);
        rescale(pixels, instance, data.subarray(k * plane, (k + 1) * plane));
        onImage();
      }
    } catch (thrown) {
      throw new SynthesisError(
        'source-unreadable',
        message('series/file-unreadable', { file: path, series: series.description, reason: reason(thrown) }),
        { cause: thrown },
      );
    }
  }
  const offset = setBackground(
    data,
    slices.map(s => s.instance),
  );
  return { ...grid, data, offset };
}

function reason(thrown: unknown): Text {
  return thrown instanceof PixelFault ? thrown.text : 'it is damaged or cannot be opened';
}
