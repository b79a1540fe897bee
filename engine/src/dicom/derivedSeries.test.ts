import { mat4 } from 'gl-matrix';
import { describe, expect, it } from 'vitest';
import { DOMAINS } from '../domains';
import { METHODS } from '../methods';
import { derivation } from '../testing/derivation';
import { ACQUISITION, referenceInstances } from '../testing/reference';
import { items } from './Dataset';
import { type DerivedSeriesInput, derivedSeries, newUid } from './derivedSeries';
import { readRecord } from './record';
import { storedImage } from './storedImage';

const SLICES = 3;
const values = Float32Array.from({ length: 12 * SLICES }, (_, n) => n / 30);
/** The other source, of two images. */
const other = referenceInstances(2).map((image, k) => ({
  ...image,
  SOPInstanceUID: `1.2.826.0.8.${k + 1}`,
  SeriesInstanceUID: '1.2.826.0.9',
}));
/** By 10 mm along the stack. */
const MOVED = mat4.fromTranslation(mat4.create(), [0, 0, 10]);
const input = (more: Partial<DerivedSeriesInput> = {}): DerivedSeriesInput => ({
  ...storedImage({ data: values }, DOMAINS[0].windows.t1ce),
  reference: referenceInstances(SLICES),
  seriesNumber: 901,
  sources: new Map([
    ['t1', referenceInstances(SLICES)],
    ['flair', other],
  ]),
  derivation: derivation(),
  now: new Date(2026, 2, 4, 5, 6, 7),
  ...more,
});

describe('derivedSeries', () => {
  const datasets = derivedSeries(DOMAINS[0], input());

  it('makes one image a reference image, in order, as one new series', () => {
    const unique = (keyword: string) => new Set(datasets.map(d => d[keyword])).size;
    expect(datasets.map(d => d.InstanceNumber)).toEqual([1, 2, 3]);
    expect(unique('SOPInstanceUID')).toBe(SLICES);
    expect(unique('SeriesInstanceUID')).toBe(1);
    const old = referenceInstances(SLICES).flatMap(r => [r.SOPInstanceUID, r.SeriesInstanceUID]);
    for (const d of datasets)
      for (const k of ['SOPInstanceUID', 'SeriesInstanceUID']) expect(old).not.toContain(d[k]);
    expect(derivedSeries(DOMAINS[0], input())[0].SeriesInstanceUID).not.toBe(datasets[0].SeriesInstanceUID);
  });

  it('opens between percentiles of the region that the domain names, in every image the same', () => {
    const [low, high] = DOMAINS[0].windows.t1ce;
    const inside = [...storedImage({ data: values }, [low, high]).stored].filter(v => v > 0);
    for (const { WindowCenter, WindowWidth } of datasets) {
      const black = Number(WindowCenter) - 0.5 - (Number(WindowWidth) - 1) / 2;
      const below = inside.filter(v => v <= black).length / inside.length;
      const above = inside.filter(v => v >= black + Number(WindowWidth) - 1).length / inside.length;
      expect(below).toBeCloseTo(low / 100, 1);
      expect(above).toBeCloseTo(1 - high / 100, 1);
    }
    expect(new Set(datasets.map(d => d.WindowWidth)).size).toBe(1);
  });

  it('keeps patient, study and frame of reference', () => {
    for (const dataset of datasets) {
      expect(dataset).toMatchObject({
        PatientName: 'Grün^Żaneta',
        PatientID: 'P-17',
        PatientBirthDate: '19700203',
        PatientSex: 'F',
        PatientAge: '049Y',
        PatientWeight: 61.5,
        StudyInstanceUID: '1.2.826.0.3',
        StudyDate: '20200131',
        StudyTime: '100000',
        StudyID: '77',
        StudyDescription: 'Schädel MRT',
        AccessionNumber: 'A1',
        ReferringPhysicianName: 'Müller^Jörg',
        FrameOfReferenceUID: '1.2.826.0.4',
        PatientPosition: 'HFS',
      });
    }
  });

  it('leaves out what the reference has no value of', () => {
    const nothing = { PatientID: null, PatientAge: null, StudyDescription: undefined };
    const reference = referenceInstances(SLICES).map(image => ({ ...image, ...nothing }));
    const [first] = derivedSeries(DOMAINS[0], input({ reference }));
    // PatientID is of type 2: present, though empty.
    expect(first.PatientID).toBe('');
    expect(first).not.toHaveProperty('PatientAge');
    expect(first).not.toHaveProperty('StudyDescription');
  });

  it('takes the plane of each reference image', () => {
    for (const [k, reference] of referenceInstances(SLICES).entries()) {
      for (const keyword of [
        'Rows',
        'Columns',
        'PixelSpacing',
        'SliceThickness',
        'SpacingBetweenSlices',
        'ImageOrientationPatient',
        'ImagePositionPatient',
      ]) {
        expect(datasets[k][keyword]).toEqual(reference[keyword]);
      }
    }
  });

  it('keeps no acquisition parameter', () => {
    for (const dataset of datasets) {
      for (const [keyword, acquired] of Object.entries(ACQUISITION))
        expect(dataset[keyword]).not.toEqual(acquired);
      for (const keyword of [
        'ContrastBolusAgent',
        'InversionTime',
        'FlipAngle',
        'MagneticFieldStrength',
        'ProtocolName',
      ]) {
        expect(dataset).not.toHaveProperty(keyword);
      }
      expect([dataset.RepetitionTime, dataset.EchoTime]).toEqual(['', '']);
    }
  });

  it('says what it is in every way promised', () => {
    for (const dataset of datasets) {
      expect(dataset).toMatchObject({
        SOPClassUID: '1.2.840.10008.5.1.4.1.1.4',
        Modality: 'MR',
        SeriesNumber: 901,
        SyntheticData: 'YES',
        ImageType: ['DERIVED', 'SECONDARY', 'OTHER'],
        SeriesDescription: expect.stringMatching(/^SYNTHETIC T1 post-contrast/),
        ContentQualification: 'RESEARCH',
        BurnedInAnnotation: 'NO',
        ManufacturerModelName: 'Tiny',
        SoftwareVersions: '1.2.3',
      });
    }
  });

  it('tells how it was made', () => {
    const { DerivationDescription } = datasets[0];
    for (const part of [
      'T1 post-contrast',
      'predicted, not measured',
      'tiny 0.0.1 (sha256 abcdef000000)',
      'T1, FLAIR',
      'brain found by skull-off 0.0.3 (sha256 123456000000)',
      'seed 17',
    ]) {
      expect(DerivationDescription).toContain(part);
    }
    const saysOf = (paths: number) => {
      const made = derivation({ method: { id: 'cmdm', options: { paths, cascades: 2 } } });
      return derivedSeries(DOMAINS[0], input({ derivation: made }))[0].DerivationDescription;
    };
    expect(saysOf(4)).toContain('4 paths, 2 cascades,');
    expect(saysOf(1)).toContain('1 path,');
  });

  it('names its equipment, its algorithm and its codes', () => {
    const [dataset] = datasets;
    const code = (CodeValue: string, CodingSchemeDesignator: string) => [
      expect.objectContaining({ CodeValue, CodingSchemeDesignator }),
    ];
    expect(dataset).toMatchObject({
      DerivationCodeSequence: code('SYNTHESIS', '99MODSYNTH'),
      CodingSchemeIdentificationSequence: [{ CodingSchemeDesignator: '99MODSYNTH' }],
      ContributingEquipmentSequence: [
        {
          PurposeOfReferenceCodeSequence: code('109100', 'DCM'),
          Manufacturer: 'ohif-modality-synthesis',
          ManufacturerModelName: 'Tiny',
          SoftwareVersions: '1.2.3',
          ContributionDateTime: '20260304050607',
          ContributionDescription: expect.stringContaining('nothing was acquired'),
        },
      ],
      DerivationAlgorithmSequence: [
        {
          AlgorithmFamilyCodeSequence: code('123110', 'DCM'),
          AlgorithmName: 'tiny',
          AlgorithmVersion: '0.0.1',
        },
      ],
    });
    expect(readRecord(dataset, METHODS, DOMAINS)).toEqual(derivation());
  });

  it('refers to every source image near it, and to the one in its plane', () => {
    for (const [k, dataset] of datasets.entries()) {
      expect(dataset.SourceImageSequence).toHaveLength(SLICES + 2);
      expect(dataset.ReferencedSeriesSequence).toHaveLength(2);
      expect(dataset.ReferencedImageSequence).toMatchObject([
        { ReferencedSOPInstanceUID: referenceInstances(SLICES)[k].SOPInstanceUID },
      ]);
    }
  });

  it('refers to no source image that only other images show', () => {
    const far = derivedSeries(DOMAINS[0], {
      ...input({ stored: new Uint16Array(12 * 30), reference: referenceInstances(30) }),
      derivation: derivation({
        registration: [{ role: 'flair', millimetres: 10, degrees: 0, transform: [...MOVED] }],
      }),
      sources: new Map([
        ['t1', referenceInstances(30)],
        ['flair', other],
      ]),
    });
    const counts = far.map(({ ReferencedSeriesSequence }) =>
      items(ReferencedSeriesSequence).map(one => items(one.ReferencedInstanceSequence).length),
    );
    // Within 10 mm and the 2.5 mm of a spacing; the other source was moved by 10 mm along them.
    expect(counts[15]).toEqual([11]);
    expect(counts.map(([, others = 0]) => others).slice(0, 12)).toEqual([2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 0]);
  });

  it('is dated by the moment it was made', () => {
    for (const event of ['InstanceCreation', 'Series', 'Content']) {
      expect(datasets[0][`${event}Date`]).toBe('20260304');
      expect(datasets[0][`${event}Time`]).toBe('050607');
    }
  });

  it('stores 4096 a unit, clipped to what 16 bits hold', () => {
    for (const [k, dataset] of datasets.entries()) {
      const stored = new Uint16Array(dataset.PixelData as ArrayBuffer);
      expect([...stored]).toEqual([...values.subarray(12 * k, 12 * k + 12)].map(v => Math.round(v * 4096)));
      expect(dataset).toMatchObject({
        RescaleSlope: 1,
        RescaleIntercept: 0,
        BitsAllocated: 16,
        PixelRepresentation: 0,
      });
    }
    const wild = values.slice();
    wild.set([-0.5, 100]);
    const [first] = derivedSeries(DOMAINS[0], input(storedImage({ data: wild }, [0, 100])));
    expect([...new Uint16Array(first.PixelData as ArrayBuffer, 0, 2)]).toEqual([0, 65535]);
  });

  it('leaves out what the reference lacks, but for type 2', () => {
    const reference = referenceInstances(SLICES, { PatientWeight: undefined, AccessionNumber: undefined });
    const [first] = derivedSeries(DOMAINS[0], input({ reference }));
    expect(Object.keys(first)).not.toContain('PatientWeight');
    expect(first.AccessionNumber).toBe('');
  });

  it.each([
    ['slices', referenceInstances(SLICES - 1)],
    ['rows', referenceInstances(SLICES, { Rows: 4 })],
    ['columns', referenceInstances(SLICES, { Columns: 3 })],
  ])('refuses a reference of other %s', (_, reference) => {
    expect(() => derivedSeries(DOMAINS[0], input({ reference }))).toThrow(RangeError);
  });
});

describe('newUid', () => {
  it('is a valid UID under 2.25', () => {
    for (let n = 0; n < 200; n++) expect(newUid()).toMatch(/^2\.25\.(0|[1-9]\d{0,38})$/);
  });

  it('is new each time', () => {
    expect(new Set(Array.from({ length: 200 }, newUid)).size).toBe(200);
  });
});
