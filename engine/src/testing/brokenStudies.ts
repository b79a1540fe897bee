import { readFile, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { vec3 } from 'gl-matrix';
import { type Dataset, numbers, point } from '../dicom/Dataset';
import type { RoleId } from '../domains/Role';
import type { Point3 } from '../volume/Volume';
import { enhanced } from './enhanced';
import { type PhantomSeries, phantomDatasets, writeDatasets } from './phantomStudy';

/** A study as hospitals send them, and what becomes of it. */
export interface BrokenStudy {
  name: string;
  /** What happens to a tidy T1 before it is written. */
  t1?: (images: Dataset[]) => Dataset[];
  /** What happens to its files. */
  damage?: (files: string[]) => Promise<unknown>;
  /** Part of the text with which the study is refused... */
  refused?: string;
  /**
   * ... or the images that make the T1 volume, by position, out of what `t1` returned; null: T1 is not
   * used.
   */
  reads?: ((images: Dataset[]) => Dataset[]) | null;
  /** Part of a warning, or of the reason why T1 is not used. */
  says?: string;
}

/** What is broken: a T1 of 20 images, numbered from 1 by position, and a T2 that stays as it is. */
export interface TidyStudy {
  t1: readonly Dataset[];
  t2: readonly Dataset[];
}

const T1: PhantomSeries = { role: 't1', dims: [40, 48, 20], spacing: [4.5, 4.5, 8] };
const T2: PhantomSeries = { role: 't2', dims: [36, 44, 18], spacing: [5, 5, 9], tilt: 4 };

const all = (images: Dataset[]) => images;
/** The same change in every image, or in one (counted from 0). */
const every = (change: Dataset | ((k: number) => Dataset)) => (images: Dataset[]) =>
  images.map((image, k) => ({ ...image, ...(typeof change === 'function' ? change(k) : change) }));
const one = (at: number, change: Dataset) => every(k => (k === at ? change : {}));
const without = (keyword: string, at?: number) =>
  every(k => (at === undefined || k === at ? { [keyword]: undefined } : {}));
const dropped =
  (...at: number[]) =>
  (images: Dataset[]) =>
    images.filter((_, k) => !at.includes(k));
/** Moves images along rows, columns and slices, by so many distances between slices. */
const moved =
  (by: (k: number) => Point3) =>
  (images: Dataset[]): Dataset[] => {
    const [first, second] = images.map(i => point(i.ImagePositionPatient)!);
    const orientation = numbers(images[0].ImageOrientationPatient, 6)!;
    const [row, column] = [orientation.slice(0, 3), orientation.slice(3)] as Point3[];
    const axes = [row, column, vec3.cross([0, 0, 0], row, column)];
    const distance = vec3.distance(first, second);
    return images.map((image, k) => {
      const position = point(image.ImagePositionPatient)!;
      for (const [r, axis] of axes.entries()) vec3.scaleAndAdd(position, position, axis, distance * by(k)[r]);
      return { ...image, ImagePositionPatient: position };
    });
  };
/** With the columns turned about the rows, by so many degrees. */
const turned =
  (by: (k: number) => number) =>
  (images: Dataset[]): Dataset[] =>
    images.map((image, k) => {
      const orientation = numbers(image.ImageOrientationPatient, 6)!;
      const [row, column] = [orientation.slice(0, 3), orientation.slice(3)] as Point3[];
      const angle = (by(k) * Math.PI) / 180;
      const normal = vec3.cross([0, 0, 0], row, column);
      const along = vec3.scale([0, 0, 0], column, Math.cos(angle));
      return {
        ...image,
        ImageOrientationPatient: [...row, ...vec3.scaleAndAdd(along, along, normal, Math.sin(angle))],
      };
    });
/** With the mean of their orientations, each. */
const level = (images: Dataset[]) => {
  const all = images.map(i => numbers(i.ImageOrientationPatient, 6)!);
  const mean = all[0].map((_, n) => all.reduce((sum, one) => sum + one[n], 0) / all.length);
  return images.map(image => ({ ...image, ImageOrientationPatient: mean }));
};
/** With half the rows. */
const halved = (image: Dataset): Dataset => {
  const Rows = Number(image.Rows) / 2;
  return { ...image, Rows, PixelData: new ArrayBuffer(2 * Rows * Number(image.Columns)) };
};
/** Again, with UIDs of their own. */
const copies = (images: Dataset[], change: Dataset = {}) =>
  images.map((image, k) => ({ ...image, SOPInstanceUID: `${image.SOPInstanceUID}.9${k}`, ...change }));
/** Several times the same images, each time with something else. */
const times =
  (...changes: Dataset[]) =>
  (images: Dataset[]) =>
    changes.flatMap(change =>
      copies(images, change).map((c, k) => ({
        ...c,
        SOPInstanceUID: `${c.SOPInstanceUID}.${changes.indexOf(change)}${k}`,
      })),
    );
const firstOf = (parts: number) => (images: Dataset[]) => images.slice(0, images.length / parts);
const frames =
  (change: (images: Dataset[]) => Dataset[] = all) =>
  (images: Dataset[]) => [enhanced(change(images))];
/** Another pixel value by another. */
const stored = (change: (v: number, n: number) => number) => (image: Dataset) => ({
  PixelData: new Uint16Array(image.PixelData as ArrayBuffer).map(change).buffer,
});
const withDelimiter = (pixels: ArrayBuffer) => {
  const bytes = new Uint8Array(pixels.slice(0));
  bytes.set([0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0], bytes.length - 8);
  return bytes.buffer;
};
const cut =
  (bytes: number, ...at: number[]) =>
  (files: string[]) =>
    Promise.all(
      at.map(async k => truncate(files[k], bytes < 0 ? (await readFile(files[k])).length + bytes : bytes)),
    );

export const BROKEN_STUDIES: readonly BrokenStudy[] = [
  { name: 'nothing is wrong', reads: all },

  // Slices
  {
    name: 'a slice was dropped',
    t1: dropped(9),
    refused: '1 slice is missing between images 9 and 11',
  },
  {
    name: 'slices were dropped at two places',
    t1: dropped(4, 5, 12),
    refused: '3 slices are missing, the first between images 4 and 7',
  },
  { name: 'the first and the last slice were dropped', t1: i => i.slice(1, -1), reads: all },
  { name: 'every second slice was dropped', t1: i => i.filter((_, k) => k % 2), reads: all },
  { name: 'five slices are left', t1: i => i.slice(0, 5), refused: 'it has 5 images, 8 are needed' },
  {
    name: 'a slice comes twice',
    t1: i => [...i, ...copies([i[4]], { InstanceNumber: 90 })],
    refused: 'images 5 and 90 lie at the same position',
  },
  {
    name: 'all slices come twice and nothing tells them apart',
    t1: times({}, {}),
    refused: 'slices 1, 2, 3, 4 and 36 others lie at the same position',
  },
  {
    name: 'an instance comes twice',
    t1: i => [...i, i[3]],
    reads: i => i.slice(0, 20),
    says: '1 second copy',
  },
  {
    name: 'all instances have one UID',
    t1: every({ SOPInstanceUID: '1.2.3' }),
    reads: all,
  },
  {
    name: 'instance numbers are shuffled',
    t1: every(k => ({ InstanceNumber: 1 + ((7 * k) % 20) })),
    reads: all,
  },
  { name: 'instance numbers run backwards', t1: every(k => ({ InstanceNumber: 20 - k })), reads: all },
  { name: 'instance numbers are missing', t1: without('InstanceNumber'), reads: all },
  { name: 'instance numbers are all the same', t1: every({ InstanceNumber: 1 }), reads: all },
  {
    name: 'slices are unevenly spaced',
    t1: moved(k => [0, 0, k > 6 ? 0.4 : 0]),
    refused: 'unevenly spaced between images 7 and 8',
  },
  {
    name: 'a slice lies beside the others',
    t1: moved(k => [k === 6 ? 1.5 : 0, 0, 0]),
    refused: 'off the line of the other slices in image 7',
  },
  { name: 'slices are sheared a little', t1: moved(k => [0, 0.15 * k, 0]), reads: all },
  { name: 'slices are sheared', t1: moved(k => [0, 0.75 * k, 0]), refused: 'sheared by 37 degrees' },

  { name: 'orientations are noisy', t1: turned(k => (k % 2 ? 0.1 : -0.1)), reads: level },
  {
    name: 'each slice is tilted otherwise',
    t1: turned(k => k - 10),
    refused: 'orientation differ in images 2, 3, 4, 5 and 15 others',
  },

  // Several stacks
  { name: 'two echoes', t1: times({ EchoTime: 10 }, { EchoTime: 20 }), reads: firstOf(2) },
  {
    name: 'three time points',
    t1: times(...[1, 2, 3].map(n => ({ TemporalPositionIdentifier: n }))),
    reads: firstOf(3),
  },
  {
    name: 'two acquisitions',
    t1: times({ AcquisitionNumber: 1 }, { AcquisitionNumber: 2 }),
    reads: firstOf(2),
  },
  {
    name: 'magnitude and phase',
    t1: times({ ImageType: ['ORIGINAL', 'PRIMARY', 'M'] }, { ImageType: ['ORIGINAL', 'PRIMARY', 'P'] }),
    reads: firstOf(2),
  },
  {
    name: 'an image of another plane lies among them',
    t1: i => [...i, ...turned(() => 90)(copies([i[9]], { InstanceNumber: 99 }))],
    reads: i => i.slice(0, 20),
  },
  { name: 'every image has a b-value of 0', t1: every({ DiffusionBValue: 0 }), reads: all },
  { name: 'T1 has a frame of reference of its own', t1: every({ FrameOfReferenceUID: '1.2.9' }), reads: all },
  { name: 'FrameOfReferenceUID is missing', t1: without('FrameOfReferenceUID'), reads: all },
  {
    name: 'two frames of reference',
    t1: every(k => (k < 10 ? {} : { FrameOfReferenceUID: '1.2.9' })),
    reads: firstOf(2),
  },
  {
    name: 'half the slices have another size',
    t1: i => i.map((image, k) => (k < 10 ? image : halved(image))),
    reads: firstOf(2),
  },
  {
    name: 'one slice has another size',
    t1: i => i.map((image, k) => (k === 9 ? halved(image) : image)),
    refused: '1 slice is missing between images 9 and 11',
  },
  {
    name: 'one slice has another orientation',
    t1: one(9, { ImageOrientationPatient: [1, 0, 0, 0, 0.8, 0.6] }),
    refused: '1 slice is missing between images 9 and 11',
  },
  {
    name: 'a screenshot lies in the series',
    t1: i => [
      ...i,
      ...copies([i[4]], {
        SOPClassUID: '1.2.840.10008.5.1.4.1.1.7',
        SamplesPerPixel: 3,
        PhotometricInterpretation: 'RGB',
        PlanarConfiguration: 0,
        PixelData: new ArrayBuffer(3 * 2 * Number(i[4].Rows) * Number(i[4].Columns)),
      }),
    ],
    reads: i => i.slice(0, 20),
  },

  // Files
  {
    name: 'a file ends within its pixels',
    damage: cut(-100, 5),
    refused: 'the file ends before its pixels do',
  },
  {
    name: 'a file ends within its header',
    damage: cut(400, 5),
    refused: '1 slice is missing between images 5 and 7',
  },
  {
    name: 'the last file ends within its header',
    damage: cut(400, 19),
    reads: i => i.slice(0, 19),
    says: '1 damaged DICOM file',
  },
  { name: 'a file is empty', damage: cut(0, 5), refused: '1 slice is missing between images 5 and 7' },
  {
    name: 'all files end within their headers',
    damage: files => cut(400, ...files.keys())(files),
    reads: null,
    says: '20 damaged DICOM files',
  },
  {
    name: 'a text pretends to be DICOM',
    damage: files =>
      writeFile(
        path.join(path.dirname(files[0]), 'notes.dcm'),
        `${'x'.repeat(128)}DICM, she said, and left.`,
      ),
    reads: all,
    says: '1 damaged DICOM file',
  },
  {
    name: 'a text lies among the files',
    damage: files => writeFile(path.join(path.dirname(files[0]), 'notes.txt'), 'words'),
    reads: all,
    says: '1 file that is not DICOM',
  },
  {
    name: 'pixels are of a kind nobody knows',
    // Packed pixels end with a delimiter; a file without one counts as cut off.
    t1: i => [{ ...i[0], PixelData: withDelimiter(i[0].PixelData as ArrayBuffer) }, ...i.slice(1)],
    damage: async files => {
      const bytes = await readFile(files[0]);
      const at = bytes.indexOf('1.2.840.10008.1.2.1\0');
      await writeFile(files[0], bytes.fill('1.2.840.10008.1.2.9\0', at, at + 20));
    },
    refused: 'its transfer syntax 1.2.840.10008.1.2.9 is not supported',
  },

  // Missing attributes
  ...(['ImagePositionPatient', 'ImageOrientationPatient', 'PixelSpacing'] as const).map(keyword => ({
    name: `${keyword} is missing`,
    t1: without(keyword),
    refused: `${keyword} is missing`,
  })),
  {
    name: 'ImagePositionPatient is missing once',
    t1: without('ImagePositionPatient', 4),
    refused: 'ImagePositionPatient is missing or not three numbers in image 5',
  },
  {
    name: 'PixelData is missing once',
    t1: without('PixelData', 4),
    refused: '1 slice is missing between images 4 and 6',
  },
  { name: 'Rows is missing', t1: without('Rows'), reads: null, says: '20 DICOM images without' },
  {
    name: 'SeriesInstanceUID is missing',
    t1: without('SeriesInstanceUID'),
    reads: null,
    says: '20 DICOM images without',
  },
  { name: 'SeriesDescription is missing', t1: without('SeriesDescription'), reads: null },

  // Absurd values
  {
    name: 'positions are on the moon',
    t1: moved(() => [0, 0, 1e10]),
    refused: 'ImagePositionPatient is more than 10 m away',
  },
  {
    name: 'positions are no numbers',
    t1: every({ ImagePositionPatient: ['a', 'b', 'c'] }),
    refused: 'not three numbers',
  },
  {
    name: 'directions are not perpendicular',
    t1: every({ ImageOrientationPatient: [1, 0, 0, 0.6, 0.8, 0] }),
    refused: 'ImageOrientationPatient is not two perpendicular unit vectors',
  },
  {
    name: 'directions are zero',
    t1: every({ ImageOrientationPatient: [0, 0, 0, 0, 0, 0] }),
    refused: 'two perpendicular unit vectors',
  },
  { name: 'pixels have no size', t1: every({ PixelSpacing: [0, 0] }), refused: 'not two positive numbers' },
  {
    name: 'pixels are a kilometre wide',
    t1: every({ PixelSpacing: [1e6, 1e6] }),
    refused: 'wider than a metre',
  },
  {
    name: 'slices are a metre apart',
    t1: moved(k => [0, 0, 60 * (k - 10)]),
    refused: 'span more than a metre',
  },
  {
    name: 'more rows than pixels',
    t1: one(3, { PixelData: new ArrayBuffer(99) }),
    refused: 'it has fewer than',
  },
  {
    name: 'the images are huge',
    t1: every({ Rows: 20000, Columns: 20000, PixelSpacing: [0.01, 0.01] }),
    refused: '20000 x 20000 x 20 voxels are 8000 million',
  },
  {
    name: 'a billion frames',
    t1: i => [{ ...i[0], NumberOfFrames: 1_000_000_000 }, ...i.slice(1)],
    refused: 'does not describe each of the NumberOfFrames in image 1',
  },

  // Pixels
  {
    name: '32 bits',
    t1: every({ BitsAllocated: 32, BitsStored: 32, HighBit: 31 }),
    refused: 'BitsAllocated is neither 8 nor 16',
  },
  {
    name: 'the high bit is elsewhere',
    t1: every({ BitsStored: 12, HighBit: 15 }),
    refused: 'HighBit is not BitsStored - 1',
  },
  {
    name: 'colour',
    t1: every({ SamplesPerPixel: 3, PhotometricInterpretation: 'RGB' }),
    refused: 'SamplesPerPixel says colour',
  },
  {
    name: 'black is bright',
    t1: every({ PhotometricInterpretation: 'MONOCHROME1' }),
    refused: 'PhotometricInterpretation is MONOCHROME1',
  },
  {
    name: 'an old overlay lies above the bits stored',
    t1: i =>
      i.map(image => ({
        ...image,
        BitsStored: 12,
        HighBit: 11,
        ...stored((v, n) => v | (n % 3 ? 0x1000 : 0))(image),
      })),
    reads: i => i.map(image => ({ ...image, ...stored(v => v & 0xfff)(image) })),
  },
  {
    name: 'a corner is padding',
    t1: i =>
      i.map(image => ({
        ...image,
        PixelRepresentation: 1,
        PixelPaddingValue: -2000,
        ...stored((v, n) => (n < 50 ? -2000 : v))(image),
      })),
    reads: i => i.map(image => ({ ...image, ...stored((v, n) => (n < 50 ? 0 : v))(image) })),
  },
  {
    name: 'all values are raised by 32768',
    t1: i => i.map(image => ({ ...image, SmallestImagePixelValue: 0, ...stored(v => v + 32768)(image) })),
    reads: i => i.map(image => ({ ...image, ...stored(v => v - 32768)(image) })),
  },
  {
    name: 'the slope is zero',
    t1: every({ RescaleSlope: 0, RescaleIntercept: 0 }),
    refused: 'RescaleSlope is zero',
  },
  {
    name: 'each slice has its own slope',
    t1: every(k => ({ RescaleSlope: 0.001 * (k + 1), RescaleIntercept: -k })),
    reads: all,
  },
  {
    name: 'pixels are signed',
    t1: i => i.map(image => ({ ...image, PixelRepresentation: 1, ...stored(v => v - 500)(image) })),
    reads: all,
  },

  // Kinds
  { name: 'a CT', t1: every({ Modality: 'CT' }), reads: null, says: 'Modality is CT' },
  { name: 'one image is a CT', t1: one(5, { Modality: 'CT' }), reads: null, says: 'Modality is CT' },
  { name: 'one image is synthetic', t1: one(5, { SyntheticData: 'YES' }), reads: null, says: 'synthetic' },
  {
    name: 'another study lies in the folder',
    t1: one(5, { StudyInstanceUID: '1.2.3' }),
    refused: 'holds 2 studies',
  },

  // Enhanced multi-frame
  { name: 'one enhanced image', t1: frames(), reads: all },
  {
    name: 'one enhanced image with shuffled frames',
    t1: frames(i => [...i.slice(7).reverse(), ...i.slice(0, 7)]),
    reads: all,
  },
  {
    name: 'an enhanced image lacks a frame',
    t1: frames(dropped(9)),
    refused: '1 slice is missing between frames 9 and 10',
  },
  { name: 'a frame has no position', t1: frames(without('ImagePositionPatient', 6)), refused: 'in frame 7' },
  {
    name: 'functional groups are fewer than frames',
    t1: i => [{ ...frames()(i)[0], NumberOfFrames: 24 }],
    refused: 'does not describe each of the NumberOfFrames in image 1',
  },
  {
    name: 'an enhanced image ends within its pixels',
    t1: frames(),
    damage: cut(-100, 0),
    refused: 'the file ends before its pixels do',
  },
];

/** A phantom to break; studies of different numbers are different patients'. */
export function tidyPhantom(number: number): TidyStudy {
  const [t1, t2] = phantomDatasets({ number, series: [T1, T2] });
  return { t1, t2 };
}

/**
 * Writes a study whose T1 is broken beside its tidy T2.
 * @returns the images that make each volume, by position, where the study can be read
 */
export async function writeBrokenStudy(
  folder: string,
  { t1 = all, damage, reads }: BrokenStudy,
  tidy: TidyStudy,
): Promise<Map<RoleId, readonly Dataset[]>> {
  const first = [...tidy.t1];
  const images = t1(first);
  const files = await writeDatasets(path.join(folder, 'T1'), images);
  await writeDatasets(path.join(folder, 'T2'), tidy.t2);
  await damage?.(files);
  const slices = images[0].NumberOfFrames && reads ? first : images;
  return new Map<RoleId, readonly Dataset[]>([
    ...(reads ? ([['t1', reads(slices)]] as const) : []),
    ['t2', tidy.t2],
  ]);
}
