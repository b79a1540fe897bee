import { describe, expect, it } from 'vitest';
import type { Elements } from '../Dataset';
import { EXPLICIT_LITTLE_ENDIAN } from '../transferSyntaxes';
import { encodedFrames } from './pixelData';

const RLE = '1.2.840.10008.1.2.5';

/** Frames of 3 pixels of some bits each. */
function frames(transferSyntaxUid: string, count: number, values: readonly number[][], bits = 8): number[][] {
  const elements: Elements = {
    '00280008': { vr: 'IS', Value: [String(count)] },
    '00280010': { vr: 'US', Value: [1] },
    '00280011': { vr: 'US', Value: [3] },
    '00280100': { vr: 'US', Value: [bits] },
    '7FE00010': { vr: 'OB', Value: values.map(value => Uint8Array.from(value).buffer) },
  };
  return encodedFrames({ transferSyntaxUid, elements }).map(frame => [...frame]);
}

describe('encodedFrames', () => {
  it.each([
    ['one native frame without its padding', EXPLICIT_LITTLE_ENDIAN, 1, [[1, 2, 3, 0]], [[1, 2, 3]]],
    [
      'native frames',
      EXPLICIT_LITTLE_ENDIAN,
      2,
      [[1, 2, 3, 4, 5, 6]],
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
    ],
    ['only the native frames that are whole', EXPLICIT_LITTLE_ENDIAN, 2, [[1, 2, 3, 4]], [[1, 2, 3]]],
    ['one native frame that is too short', EXPLICIT_LITTLE_ENDIAN, 1, [[1, 2]], [[1, 2]]],
    ['one frame in several fragments', RLE, 1, [[1, 2], [3]], [[1, 2, 3]]],
    ['frames of one fragment each', RLE, 2, [[1, 2], [3]], [[1, 2], [3]]],
  ])('gives %s', (_, transferSyntaxUid, count, values, expected) => {
    expect(frames(transferSyntaxUid, count, values)).toEqual(expected);
  });

  it('refuses what does not say where a frame ends', () => {
    expect(() => frames(RLE, 2, [[1], [2], [3]])).toThrow('it does not say where its frames begin');
    expect(() => frames(EXPLICIT_LITTLE_ENDIAN, 2, [[1]], 1)).toThrow('do not start at whole bytes');
    expect(() => frames(RLE, 1, [])).toThrow('it has no PixelData');
  });
});
