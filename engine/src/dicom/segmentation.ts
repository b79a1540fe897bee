import type { IndeterminateRegion } from '../volume/ErrorMap';
import type { Mask } from '../volume/Mask';
import type { Dataset } from './Dataset';
import { multiframe } from './multiframe';
import { code, OWN_SCHEME } from './provenance';

export const SEGMENTATION = '1.2.840.10008.5.1.4.1.1.66.4';

/** The segment's property. PS3.16 has no code for what cannot be told. */
export const INDETERMINATE = {
  CodeValue: 'INDETERMINATE',
  CodeMeaning: 'Region in which something cannot be told',
};

/**
 * The region of a result in which something cannot be told as a Segmentation (PS3.3 A.51) of one binary
 * segment, one frame an image of the result.
 * @param result its images in the order of k, as `derivedSeries` makes them; their pixels are not read.
 *   Series numbers below a thousand leave room for that of the region
 */
export function segmentation(
  result: readonly Dataset[],
  { mask, text }: IndeterminateRegion,
  now: Date,
): Dataset {
  const [{ SeriesNumber, SeriesDescription, ManufacturerModelName }] = result;
  const { CodeValue, CodeMeaning } = INDETERMINATE;
  return {
    ...multiframe(result, {
      shared: { SegmentIdentificationSequence: [{ ReferencedSegmentNumber: 1 }] },
      DerivationCodeSequence: code('113076', 'DCM', 'Segmentation'),
      now,
    }),
    SOPClassUID: SEGMENTATION,
    Modality: 'SEG',
    SeriesNumber: Number(SeriesNumber) + 2000,
    SeriesDescription: `${SeriesDescription} indeterminate`.slice(0, 64),
    ImageType: ['DERIVED', 'PRIMARY'],
    ContentLabel: 'INDETERMINATE',
    ContentDescription: CodeMeaning,
    DerivationDescription: `${text} (${SeriesDescription})`,
    SegmentationType: 'BINARY',
    SegmentSequence: [
      {
        SegmentNumber: 1,
        SegmentLabel: text.slice(0, 64),
        SegmentDescription: text,
        SegmentAlgorithmType: 'AUTOMATIC',
        SegmentAlgorithmName: ManufacturerModelName,
        SegmentedPropertyCategoryCodeSequence: code('309825002', 'SCT', 'Spatial and Relational Concept'),
        SegmentedPropertyTypeCodeSequence: code(CodeValue, OWN_SCHEME, CodeMeaning),
      },
    ],
    BitsAllocated: 1,
    BitsStored: 1,
    HighBit: 0,
    PixelRepresentation: 0,
    PixelData: packed(mask),
  };
}

/** A bit a voxel, the first in the lowest bit of the first byte (PS3.5 8.1.1); an even number of bytes. */
export function packed(mask: Mask): ArrayBuffer {
  const bytes = new Uint8Array(2 * Math.ceil(mask.length / 16));
  for (let at = 0; at < mask.length; at++) bytes[at >> 3] |= mask[at] << (at & 7);
  return bytes.buffer;
}

/** What `packed` packed. */
export function unpacked(bytes: Uint8Array, voxels: number): Mask {
  const mask = new Uint8Array(voxels);
  for (let at = 0; at < voxels; at++) mask[at] = (bytes[at >> 3] >> (at & 7)) & 1;
  return mask;
}
