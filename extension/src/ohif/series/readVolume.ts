import { imageLoader, type Types } from '@cornerstonejs/core';
import {
  type AcquiredVolume,
  nextTask,
  PixelFault,
  rescale,
  SynthesisError,
  setBackground,
  sortSlices,
  type Text,
  throwIfCancelled,
} from '@modality-synthesis/engine';
import { message } from '../../i18n/message';
import { httpStatus, type LoginHeaders, withRenewedLogin } from '../login';
import type { Instance } from '../types';
import type { LoadedSeries } from './loadedSeries';

/** Concurrent requests; OHIF's request pool may send fewer. */
const CONCURRENCY = 8;

/** Cornerstone loads the image again without rescaling; its types lack `preScale`. */
const AS_STORED = {
  priority: 0,
  requestType: 'interaction',
  ignoreCache: true,
  preScale: { enabled: false },
};

/**
 * Reads a series as one volume through cornerstone's loader and cache.
 * @returns real-world values (rescaled here unless cornerstone did it), LPS
 * @throws SynthesisError `geometry-unsupported`, `source-unreadable` or `cancelled`
 */
export async function readVolume(
  { series, images }: LoadedSeries,
  login: LoginHeaders,
  onImage: () => void,
  signal?: AbortSignal,
): Promise<AcquiredVolume> {
  const { slices, grid } = sortSlices(images, series.description);
  const plane = grid.dims[0] * grid.dims[1];
  const data = new Float32Array(plane * slices.length);
  const queue = [...slices.entries()];
  const failures = new Map<number, SynthesisError>();
  const readNext = async (): Promise<void> => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      throwIfCancelled(signal);
      const [k, { imageId, instance }] = next;
      try {
        const slice = data.subarray(k * plane, (k + 1) * plane);
        await withRenewedLogin(login, () => copyPixels(imageId, instance, slice), signal);
      } catch (thrown) {
        queue.length = 0;
        failures.set(k, unreadable(series.description, instance, thrown));
        return;
      }
      onImage();
      // Images that cornerstone holds would all be copied in one task, in which the page stands still.
      await nextTask();
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, readNext));
  // Of several that failed at once the first, in whatever order they did.
  if (failures.size > 0) throw failures.get(Math.min(...failures.keys()));
  const offset = setBackground(
    data,
    slices.map(s => s.instance),
  );
  return { ...grid, data, offset };
}

async function copyPixels(imageId: string, instance: Instance, out: Float32Array): Promise<void> {
  const image = await imageLoader.loadAndCacheImage(imageId);
  const again = isRescaled(image) && (isRounded(image) || needsStoredValues(image, instance));
  const whole = again ? await imageLoader.loadImage(imageId, AS_STORED) : image;
  rescale(whole.getPixelData(), isRescaled(whole) ? {} : instance, out);
}

/** Whether cornerstone changed the stored values. */
export function isRescaled({ preScale }: Types.IImage): boolean {
  const { rescaleSlope = 1, rescaleIntercept = 0 } = preScale?.scalingParameters ?? {};
  return preScale?.scaled === true && (rescaleSlope !== 1 || rescaleIntercept !== 0);
}

/** Whether the image has padding, or bits above those stored, which cornerstone does not take away. */
function needsStoredValues(image: Types.IImage, instance: Instance): boolean {
  const { PixelPaddingValue, BitsStored, BitsAllocated } = instance;
  if (PixelPaddingValue !== undefined) return true;
  if (BitsStored === BitsAllocated) return false;
  const { rescaleSlope = 1, rescaleIntercept = 0 } = image.preScale?.scalingParameters ?? {};
  const most = 2 ** (Number(BitsStored) || 32) - 0.5;
  return image.getPixelData().some((value: number) => (value - rescaleIntercept) / rescaleSlope > most);
}

/**
 * Whether cornerstone rounded the rescaled values to integers. It chooses the array type by minimum and
 * maximum only, so that a slope of 0.001 may leave the values 0 to 4.
 */
function isRounded(image: Types.IImage): boolean {
  const { rescaleSlope = 1, rescaleIntercept = 0 } = image.preScale?.scalingParameters ?? {};
  return (
    !(Number.isInteger(rescaleSlope) && Number.isInteger(rescaleIntercept)) &&
    !(image.getPixelData() instanceof Float32Array)
  );
}

function unreadable(name: Text, instance: Instance, cause: unknown): SynthesisError {
  if (cause instanceof SynthesisError) return cause;
  const status = httpStatus(cause);
  if (status === 401)
    return new SynthesisError('source-unreadable', message('series/login', { series: name }), { cause });
  if (status === 403)
    return new SynthesisError('source-unreadable', message('series/forbidden', { series: name }), { cause });
  const image = instance.ReferencedFrameNumber
    ? message('series/frame', { number: String(instance.ReferencedFrameNumber) })
    : message('series/image', { number: String(instance.InstanceNumber) });
  const reason =
    cause instanceof PixelFault ? message('series/image-unreadable-why', { reasons: cause.text }) : '';
  const text = message('series/image-unreadable', { image, series: name, reason });
  return new SynthesisError('source-unreadable', text, { cause });
}
