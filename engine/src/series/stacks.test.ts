import { describe, expect, it } from 'vitest';
import type { Dataset } from '../dicom/Dataset';
import { coded } from '../testing/coded';
import { describeSeries } from './StudySeries';
import { splitIntoStacks } from './stacks';

const AXIAL = [1, 0, 0, 0, 1, 0];
const SAGITTAL = [0, 1, 0, 0, 0, -1];

/** Axial images of 4 x 4 pixels at the given heights. */
function images(
  heights: readonly number[],
  more: (k: number) => Dataset = () => ({}),
): { instance: Dataset }[] {
  return heights.map((z, k) => ({
    instance: {
      Rows: 4,
      Columns: 4,
      PixelSpacing: [1, 1],
      ImageOrientationPatient: AXIAL,
      ImagePositionPatient: [0, 0, z],
      ...more(k),
    },
  }));
}

const heights = Array.from({ length: 10 }, (_, k) => 3 * k);
const twice = [...heights, ...heights];
const thrice = [...twice, ...heights];
const pass = (k: number) => Math.floor(k / heights.length);

const split = (all: { instance: Dataset }[]) => {
  const stacks = splitIntoStacks(all);
  expect(stacks.flatMap(s => s.images)).toHaveLength(all.length);
  expect(new Set(stacks.flatMap(s => s.images))).toEqual(new Set(all));
  return stacks.map(s => [coded(s.name), s.images.length]);
};

describe('splitIntoStacks', () => {
  it('leaves one stack alone', () => {
    expect(split(images(heights))).toEqual([['', 10]]);
    expect(split([])).toEqual([]);
  });

  it.each([
    ['echoes', twice, (k: number) => ({ EchoTime: [90, 30][pass(k)] }), ['stack/echo(1)', 'stack/echo(2)']],
    [
      'echoes at different places',
      heights,
      (k: number) => ({ EchoTime: k < 5 ? 30 : 90 }),
      ['stack/echo(1)', 'stack/echo(2)'],
    ],
    [
      'time points',
      thrice,
      (k: number) => ({ TemporalPositionIdentifier: pass(k) + 1 }),
      ['stack/time(1)', 'stack/time(2)', 'stack/time(3)'],
    ],
    [
      'b-values',
      twice,
      (k: number) => ({ DiffusionBValue: 1000 * pass(k) }),
      ['stack/b-value(0)', 'stack/b-value(1000)'],
    ],
    [
      'inversion times',
      twice,
      (k: number) => ({ InversionTime: [700, 2500][pass(k)] }),
      ['stack/inversion(1)', 'stack/inversion(2)'],
    ],
    ['magnitude and phase', twice, (k: number) => ({ ImageType: ['O', 'P', 'MP'[pass(k)]] }), ['M', 'P']],
    [
      'real and imaginary parts',
      twice,
      (k: number) => ({ ComplexImageComponent: ['REAL', 'IMAGINARY'][pass(k)] }),
      ['IMAGINARY', 'REAL'],
    ],
    [
      "GE's parts, which its private element tells",
      thrice,
      (k: number) => ({ '00430010': 'GEMS_PARM_01', '0043102F': [0, 2, 3][pass(k)] }),
      ['IMAGINARY', 'MAGNITUDE', 'REAL'],
    ],
    [
      'fat and water that are magnitude, both',
      twice,
      (k: number) => ({
        ComplexImageComponent: 'MAGNITUDE',
        ImageType: ['ORIGINAL', 'PRIMARY', 'DIXON', ['FAT', 'WATER'][pass(k)]],
      }),
      ['FAT', 'WATER'],
    ],
    [
      'inversion times of enhanced images',
      twice,
      (k: number) => ({
        InversionTimes: [
          [0, 700],
          [0, 2500],
        ][pass(k)],
      }),
      ['stack/inversion(1)', 'stack/inversion(2)'],
    ],
    [
      'acquisitions',
      twice,
      (k: number) => ({ AcquisitionNumber: pass(k) + 1 }),
      ['stack/acquisition(1)', 'stack/acquisition(2)'],
    ],
    [
      'frames of reference',
      heights,
      (k: number) => ({ FrameOfReferenceUID: `${k % 2}` }),
      ['stack/part(1)', 'stack/part(2)'],
    ],
    ['sizes', twice, (k: number) => (pass(k) ? { Rows: 8 } : {}), ['4 x 4', '4 x 8']],
    ['no size', twice, (k: number) => (pass(k) ? { Rows: undefined } : {}), ['4 x 4', '4 x ?']],
  ])('takes %s apart', (_, where, more, names) => {
    expect(split(images(where, more)).map(s => s[0])).toEqual(names);
  });

  it('takes the planes of a localizer apart', () => {
    const planes = [AXIAL, SAGITTAL, [1, 0, 0, 0, 0, -1]];
    const localizer = images(thrice, k => ({ ImageOrientationPatient: planes[pass(k)] }));
    expect(split(localizer)).toEqual([
      ['plane/axial', 10],
      ['plane/sagittal', 10],
      ['plane/coronal', 10],
    ]);
  });

  it('takes echoes of several time points apart', () => {
    const both = images([...twice, ...twice], k => ({
      EchoTime: pass(k) % 2 ? 90 : 30,
      TemporalPositionIdentifier: pass(k) < 2 ? 1 : 2,
    }));
    expect(split(both).map(s => s[0])).toEqual([
      'stack/echo(1), stack/time(1)',
      'stack/echo(1), stack/time(2)',
      'stack/echo(2), stack/time(1)',
      'stack/echo(2), stack/time(2)',
    ]);
  });

  it('puts the fullest stack first', () => {
    const cut = images(twice, k => ({ TemporalPositionIdentifier: pass(k) + 1 })).slice(4);
    expect(split(cut)).toEqual([
      ['stack/time(2)', 10],
      ['stack/time(1)', 6],
    ]);
  });

  it.each([
    ['slices of one volume', heights, (k: number) => ({ AcquisitionNumber: k, AcquisitionTime: `1200${k}` })],
    ['interleaved passes of one volume', heights, (k: number) => ({ AcquisitionNumber: 1 + (k % 2) })],
    [
      'interleaved passes with a slice that comes twice',
      [...heights, 6],
      (k: number) => ({ AcquisitionNumber: 1 + (k % 2) }),
    ],
    [
      'slices of which each is tilted otherwise',
      heights,
      (k: number) => ({ ImageOrientationPatient: [1, 0, 0, 0, Math.cos(0.02 * k), Math.sin(0.02 * k)] }),
    ],
    [
      'orientations with noise',
      heights,
      (k: number) => ({ ImageOrientationPatient: [1, 0, 0, 0, 1, 0.002 * (k % 3)] }),
    ],
    ['echo times that differ by rounding', heights, (k: number) => ({ EchoTime: 90 + 0.01 * k })],
    ['an echo time that one image lacks', heights, (k: number) => (k ? { EchoTime: 90 } : {})],
    ['images that nothing tells apart', twice, () => ({})],
    [
      'images without a place',
      heights,
      () => ({ ImagePositionPatient: undefined, ImageOrientationPatient: undefined }),
    ],
  ])('keeps %s together', (_, where, more) => {
    expect(split(images(where, more))).toEqual([['', where.length]]);
  });
});

describe('describeSeries', () => {
  const modalities = (...values: (string | undefined)[]) =>
    describeSeries(images(twice, k => ({ EchoTime: 1 + pass(k), Modality: values[k % values.length] }))).map(
      ({ series }) => series.attributes.Modality,
    );

  it('tells every stack the modalities of all images', () => {
    expect(modalities('MR')).toEqual(['MR', 'MR']);
    expect(modalities('MR', 'OT')).toEqual(['MR\\OT', 'MR\\OT']);
    expect(modalities(undefined, 'OT')).toEqual(['OT', 'OT']);
    expect(modalities(undefined)).toEqual([undefined, undefined]);
  });
});
