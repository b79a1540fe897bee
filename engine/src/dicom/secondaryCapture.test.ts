import { expect, it } from 'vitest';
import { DOMAINS } from '../domains';
import { derivation } from '../testing/derivation';
import { referenceInstances } from '../testing/reference';
import { type Dataset, items } from './Dataset';
import { derivedSeries } from './derivedSeries';
import { secondaryCapture } from './secondaryCapture';
import { seriesAttributes } from './seriesAttributes';
import { storedImage } from './storedImage';
import { isSynthetic } from './synthetic';

const images = derivedSeries(DOMAINS[0], {
  ...storedImage({ data: new Float32Array(36) }, [0, 100]),
  reference: referenceInstances(3),
  sources: new Map([['t1', referenceInstances(3)]]),
  seriesNumber: 901,
  derivation: derivation(),
  now: new Date(2026, 2, 4, 5, 6, 7),
});
const page = (width: number, height: number) => ({
  width,
  height,
  data: Uint8ClampedArray.from({ length: 4 * width * height }, (_, n) => n),
});
const datasets = secondaryCapture({
  pages: [page(2, 1), page(1, 1)],
  images: images.slice(1),
  seriesNumber: 902,
  description: 'SYNTHETIC FLAIR report',
  now: new Date(2026, 2, 4, 5, 6, 7),
});
const bytes = ({ PixelData }: Dataset) => [...new Uint8Array(PixelData as ArrayBuffer)];

it('belongs to the patient, the study and a series of its own', () => {
  for (const [n, dataset] of datasets.entries()) {
    expect(dataset).toMatchObject({
      SOPClassUID: '1.2.840.10008.5.1.4.1.1.7',
      PatientID: 'P-17',
      StudyInstanceUID: '1.2.826.0.3',
      SeriesNumber: 902,
      InstanceNumber: n + 1,
      Modality: 'OT',
      ConversionType: 'WSD',
      BurnedInAnnotation: 'YES',
    });
    // A page lies nowhere in the patient.
    for (const keyword of ['FrameOfReferenceUID', 'ImagePositionPatient', 'PixelSpacing'])
      expect(dataset[keyword]).toBeUndefined();
  }
  const series = datasets.map(d => d.SeriesInstanceUID);
  expect(new Set(series).size).toBe(1);
  expect(series[0]).not.toBe(images[0].SeriesInstanceUID);
});

it('says that it shows synthetic images, and which', () => {
  for (const dataset of datasets) {
    expect(isSynthetic(seriesAttributes(dataset))).toBe(true);
    expect(items(dataset.SourceImageSequence).map(i => i.ReferencedSOPInstanceUID)).toEqual(
      images.slice(1).map(i => i.SOPInstanceUID),
    );
  }
});

it('has the pixels without alpha, of even length', () => {
  expect(datasets[0]).toMatchObject({ Rows: 1, Columns: 2, PhotometricInterpretation: 'RGB' });
  expect(bytes(datasets[0])).toEqual([0, 1, 2, 4, 5, 6]);
  expect(bytes(datasets[1])).toEqual([0, 1, 2, 0]);
});
