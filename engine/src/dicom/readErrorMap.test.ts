import { describe, expect, it } from 'vitest';
import { DOMAINS } from '../domains';
import { derivation } from '../testing/derivation';
import { referenceInstances } from '../testing/reference';
import { type ErrorMap, percentOf } from '../volume/ErrorMap';
import { affineFromPlane } from '../volume/Volume';
import type { Dataset } from './Dataset';
import { derivedSeries } from './derivedSeries';
import { parametricMap } from './parametricMap';
import { isErrorMapOf, isRegionOf, readErrorMap } from './readErrorMap';
import { readDataset } from './readPart10';
import { segmentation } from './segmentation';
import { WHOLE_RANGE } from './storedImage';
import { writePart10 } from './writePart10';

const SLICES = 5;
const VOXELS = 12 * SLICES;
const reference = referenceInstances(SLICES);
const result = derivedSeries(DOMAINS[0], {
  stored: new Uint16Array(VOXELS),
  window: WHOLE_RANGE,
  reference,
  sources: new Map([['t1', reference]]),
  seriesNumber: 901,
  derivation: derivation(),
  now: new Date(2026, 2, 4, 5, 6, 7),
});
const now = new Date(2026, 2, 4, 5, 6, 8);
const uid = String(result[0].SeriesInstanceUID);
const map: ErrorMap = {
  volume: {
    dims: [4, 3, SLICES],
    indexToWorld: affineFromPlane(
      [-10.5, 20.25, -30],
      [0.6, 0.8, 0],
      [-0.8, 0.6, 0],
      [0, 0, 2.5],
      [0.5, 0.75],
    ),
    data: Float32Array.from({ length: VOXELS }, (_, n) => percentOf((n * n) / 3000)),
  },
  unit: 'white-matter',
  region: {
    mask: Uint8Array.from({ length: VOXELS }, (_, n) => (n % 7 < 2 ? 1 : 0)),
    text: 'Enhancement cannot be told here.',
  },
};
const written = (dataset: Dataset) => readDataset(new Uint8Array(writePart10(dataset)));
const [mapFile, regionFile] = [
  written(parametricMap(result, map, now)),
  written(segmentation(result, map.region!, now)),
];

describe('readErrorMap', () => {
  it('reads what was written, value by value', () => {
    const read = readErrorMap(mapFile, regionFile);
    expect(read.volume.data).toEqual(map.volume.data);
    expect(read.volume.dims).toEqual(map.volume.dims);
    for (const [n, value] of read.volume.indexToWorld.entries())
      expect(value).toBeCloseTo(map.volume.indexToWorld[n], 5);
    expect([read.unit, read.region]).toEqual([map.unit, map.region]);
  });

  it('reads a map without a region, in the other unit', () => {
    const { region: _, ...alone } = { ...map, unit: 'range' as const };
    const read = readErrorMap(written(parametricMap(result, alone, now)));
    expect(read.unit).toBe('range');
    expect(read.volume.data).toEqual(map.volume.data);
    expect(read.region).toBeUndefined();
  });

  it.each(['FloatPixelData', 'SharedFunctionalGroupsSequence', 'PerFrameFunctionalGroupsSequence'])(
    'refuses a map without %s',
    keyword => {
      const { [keyword]: _, ...rest } = mapFile;
      expect(() => readErrorMap(rest)).toThrow(expect.objectContaining({ code: 'source-unreadable' }));
    },
  );

  it('refuses a region that is too small', () => {
    const short = { ...regionFile, PixelData: [new ArrayBuffer(2)] };
    expect(() => readErrorMap(mapFile, short)).toThrow(
      expect.objectContaining({ code: 'source-unreadable' }),
    );
  });
});

describe('isErrorMapOf, isRegionOf', () => {
  it('know the objects of a result by its series', () => {
    expect([isErrorMapOf(mapFile, uid), isErrorMapOf(mapFile, '1.2.826.0.2')]).toEqual([true, false]);
    expect([isRegionOf(regionFile, uid), isRegionOf(regionFile, '1.2.826.0.2')]).toEqual([true, false]);
    expect([isErrorMapOf(regionFile, uid), isRegionOf(mapFile, uid)]).toEqual([false, false]);
  });

  it('leave alone what others made', () => {
    const codes = { ConceptCodeSequence: [{ CodeValue: '113041', CodingSchemeDesignator: 'DCM' }] };
    const mapping = { RealWorldValueMappingSequence: [{ QuantityDefinitionSequence: [codes] }] };
    expect(isErrorMapOf({ ...mapFile, SharedFunctionalGroupsSequence: [mapping] }, uid)).toBe(false);
    expect(isRegionOf({ ...regionFile, SegmentSequence: [{ SegmentDescription: 'Tumour' }] }, uid)).toBe(
      false,
    );
  });
});

describe.each([
  ['parametricMap', mapFile],
  ['segmentation', regionFile],
])('%s', (_, dataset) => {
  it('is as synthetic as its result, and says what made that', () => {
    expect(dataset).toMatchObject({ SyntheticData: 'YES', ContentQualification: 'RESEARCH' });
    expect(String(dataset.SeriesDescription)).toMatch(/^SYNTHETIC T1 post-contrast \(CDM\) /);
    expect(JSON.stringify(dataset.DerivationAlgorithmSequence)).toContain('modality-synthesis-record/3');
    expect(JSON.stringify(dataset.ContributingEquipmentSequence)).toContain('109100');
  });

  it('belongs to patient, study and frame of reference, as a series of its own', () => {
    expect(dataset).toMatchObject({
      PatientID: 'P-17',
      StudyInstanceUID: '1.2.826.0.3',
      FrameOfReferenceUID: '1.2.826.0.4',
      ContentDate: '20260304',
      ContentTime: '050608',
    });
    for (const keyword of ['SOPInstanceUID', 'SeriesInstanceUID'])
      expect(result.map(image => image[keyword])).not.toContain(dataset[keyword]);
  });

  it('refers to each image of its result alone, frame by frame', () => {
    const [series, ...others] = dataset.ReferencedSeriesSequence as Dataset[];
    expect(others).toEqual([]);
    expect(series.SeriesInstanceUID).toBe(uid);
    const frames = dataset.PerFrameFunctionalGroupsSequence as { DerivationImageSequence: Dataset[] }[];
    const referenced = frames.map(({ DerivationImageSequence: [derived] }) =>
      (derived.SourceImageSequence as Dataset[]).map(image => image.ReferencedSOPInstanceUID),
    );
    const uids = result.map(image => image.SOPInstanceUID);
    expect(referenced).toEqual(uids.map(one => [one]));
    const listed = (series.ReferencedInstanceSequence as Dataset[]).map(one => one.ReferencedSOPInstanceUID);
    expect(listed).toEqual(uids);
  });
});

describe('parametricMap', () => {
  it('stores a fraction that the mapping makes per cent', () => {
    const stored = new Float32Array((mapFile.FloatPixelData as ArrayBuffer[])[0]);
    expect(stored.reduce((most, one) => Math.max(most, one))).toBeCloseTo(59 ** 2 / 3000, 2);
    const [shared] = mapFile.SharedFunctionalGroupsSequence as Dataset[];
    expect(shared.RealWorldValueMappingSequence).toMatchObject([
      {
        RealWorldValueSlope: 100,
        RealWorldValueIntercept: 0,
        MeasurementUnitsCodeSequence: [{ CodeValue: '%', CodingSchemeDesignator: 'UCUM' }],
        QuantityDefinitionSequence: [{ ConceptCodeSequence: [{ CodeValue: 'ERROR-WHITE' }] }],
      },
    ]);
  });
});
