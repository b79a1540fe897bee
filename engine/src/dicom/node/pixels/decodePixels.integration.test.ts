import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import createCharls from '@cornerstonejs/codec-charls';
import createOpenJpeg from '@cornerstonejs/codec-openjpeg';
import createOpenJph from '@cornerstonejs/codec-openjph';
import { describe, expect, it, onTestFinished } from 'vitest';
import { hasTool, temporaryFolder } from '../../../testing/tools';
import type { Dataset } from '../../Dataset';
import { writePart10 } from '../../writePart10';
import { readEncodedFrames } from '../files';
import { decodePixels } from './decodePixels';

const ROWS = 72;
const COLUMNS = 80;

/** A ramp with runs and jumps over the whole range of the bits stored. */
function picture(least: number, most: number): number[] {
  return Array.from({ length: ROWS * COLUMNS }, (_, n) => {
    const along = (n % 50 < 20 ? 0 : n) / (ROWS * COLUMNS - 1);
    return least + Math.round((most - least) * (n % 7 === 0 ? 1 - along : along));
  });
}

const header = (bits: number, signed: boolean, allocated = 16): Dataset => ({
  SOPClassUID: '1.2.840.10008.5.1.4.1.1.4',
  SOPInstanceUID: '2.25.1',
  Modality: 'MR',
  Rows: ROWS,
  Columns: COLUMNS,
  SamplesPerPixel: 1,
  PhotometricInterpretation: 'MONOCHROME2',
  BitsAllocated: allocated,
  BitsStored: bits,
  HighBit: bits - 1,
  PixelRepresentation: signed ? 1 : 0,
});

const KINDS = [
  ['16 bits unsigned', header(16, false), picture(0, 65535)],
  ['12 bits unsigned', header(12, false), picture(0, 4095)],
  ['16 bits signed', header(16, true), picture(-32768, 32767)],
  ['12 bits signed', header(12, true), picture(-2048, 2047)],
] as const;

/** Stored values as they lie in PixelData: the bits above BitsStored are 0, also of negative ones. */
function stored(values: readonly number[], { BitsStored }: Dataset): Uint16Array {
  return Uint16Array.from(values, v => v & (2 ** Number(BitsStored) - 1));
}

/** Written, converted by a tool of dcmtk, read again. */
async function through(convert: readonly string[] | null, instance: Dataset, values: readonly number[]) {
  const { folder, cleanUp } = await temporaryFolder();
  onTestFinished(cleanUp);
  const file = path.join(folder, 'plain.dcm');
  await writeFile(
    file,
    new Uint8Array(writePart10({ ...instance, PixelData: stored(values, instance).buffer })),
  );
  if (!convert) return decodePixels((await readEncodedFrames(file))[0], instance);
  const converted = path.join(folder, 'converted.dcm');
  const [tool, ...options] = convert;
  execFileSync(tool, [...options, file, converted], { stdio: 'ignore' });
  return decodePixels((await readEncodedFrames(converted))[0], instance);
}

describe.each(KINDS)('decodePixels reads %s', (_, instance, values) => {
  it('uncompressed', async () => {
    expect(Array.from(await through(null, instance, values))).toEqual(values);
  });

  it.for([
    ['big-endian', 'dcmconv', '+tb'],
    ['implicit', 'dcmconv', '+ti'],
    ['deflated', 'dcmconv', '+td'],
    ['RLE', 'dcmcrle'],
    ['JPEG-LS', 'dcmcjpls'],
    ['JPEG lossless', 'dcmcjpeg', '+e1'],
    ['JPEG lossless with another predictor', 'dcmcjpeg', '+el', '+sv', '4'],
  ])('%s (by %s of dcmtk)', async ([, ...convert], { skip }) => {
    if (!hasTool(convert[0])) skip(`${convert[0]} is not installed`);
    expect(Array.from(await through(convert, instance, values))).toEqual(values);
  });

  it('JPEG-LS, JPEG 2000 and HTJ2K by the encoders of the codec packages', async () => {
    const frame = {
      width: COLUMNS,
      height: ROWS,
      bitsPerSample: Number(instance.BitsStored),
      componentCount: 1,
      isSigned: false,
      isUsingColorTransform: false,
    };
    const bytes = new Uint8Array(stored(values, instance).buffer);
    const { JpegLSEncoder } = await createCharls();
    const { J2KEncoder } = await createOpenJpeg();
    const { HTJ2KEncoder } = await createOpenJph();
    const encoders = [
      ['1.2.840.10008.1.2.4.80', new JpegLSEncoder()],
      ['1.2.840.10008.1.2.4.90', new J2KEncoder()],
      ['1.2.840.10008.1.2.4.201', new HTJ2KEncoder()],
      // JPEG 2000 that only claims to be HTJ2K.
      ['1.2.840.10008.1.2.4.201', new J2KEncoder()],
    ] as const;
    for (const [transferSyntaxUid, encoder] of encoders) {
      encoder.getDecodedBuffer(frame).set(bytes);
      encoder.encode();
      const encoded = { transferSyntaxUid, bytes: encoder.getEncodedBuffer().slice() };
      encoder.delete();
      expect(Array.from(await decodePixels(encoded, instance))).toEqual(values);
    }
  });
});

describe('decodePixels', () => {
  const plain = '1.2.840.10008.1.2.1';
  const rle = '1.2.840.10008.1.2.5';
  const bytes = new Uint8Array(2 * ROWS * COLUMNS);

  it('reads 8 bits, with and without a byte of padding', async () => {
    const instance = { ...header(8, false, 8), Rows: 1, Columns: 3 };
    const pixels = await decodePixels(
      { transferSyntaxUid: plain, bytes: Uint8Array.of(1, 200, 3, 0) },
      instance,
    );
    expect(Array.from(pixels)).toEqual([1, 200, 3]);
    const signed = { ...instance, PixelRepresentation: 1 };
    expect(
      Array.from(await decodePixels({ transferSyntaxUid: plain, bytes: Uint8Array.of(1, 200, 3) }, signed)),
    ).toEqual([1, -56, 3]);
  });

  it.each([
    ['too few pixels', plain, bytes.subarray(2), header(16, false), 'fewer than 5760 pixels'],
    ['colour', plain, bytes, { ...header(16, false), SamplesPerPixel: 3 }, 'not a grey image'],
    ['32 bits', plain, bytes, { ...header(16, false), BitsAllocated: 32 }, 'not a grey image'],
    [
      'video',
      '1.2.840.10008.1.2.4.100',
      bytes,
      header(16, false),
      '1.2.840.10008.1.2.4.100 is not supported',
    ],
    [
      'an RLE header of other bits',
      rle,
      Uint8Array.of(1, ...new Uint8Array(99)),
      header(16, false),
      'header',
    ],
    [
      'RLE that ends early',
      rle,
      Uint8Array.of(2, 0, 0, 0, 64, 0, 0, 0, 65, ...new Uint8Array(60)),
      header(16, false),
      'too early',
    ],
  ])('refuses %s', async (_, transferSyntaxUid, data, instance, words) => {
    await expect(decodePixels({ transferSyntaxUid, bytes: data }, instance)).rejects.toThrow(words);
  });

  it.each(['70', '80', '90', '201'])('fails on rubbish said to be JPEG .4.%s', async end => {
    await expect(
      decodePixels({ transferSyntaxUid: `1.2.840.10008.1.2.4.${end}`, bytes }, header(16, false)),
    ).rejects.toBeDefined();
  });
});
