import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Dataset } from '../dicom/Dataset';
import { framesOf } from '../dicom/frames';
import { recognize } from '../domains/brain-mr/recognition/recognize';
import { ROLE_IDS } from '../domains/brain-mr/roles';
import { SynthesisError } from '../errors';
import { makePlan } from './plan';
import { describeSeries } from './StudySeries';
import { sortSlices } from './slices';

/** Everything that is read before the pixels. */
const KEYWORDS = [
  ...['SOPClassUID', 'Modality', 'SeriesDescription', 'ProtocolName', 'SequenceName', 'PulseSequenceName'],
  ...['ImageType', 'ScanningSequence', 'SequenceVariant', 'ScanOptions', 'MRAcquisitionType'],
  ...['RepetitionTime', 'EchoTime', 'InversionTime', 'FlipAngle', 'EchoTrainLength', 'AcquisitionContrast'],
  ...['ContrastBolusAgent', 'ContrastBolusStartTime', 'AcquisitionTime', 'BodyPartExamined', 'SyntheticData'],
  ...['Rows', 'Columns', 'PixelSpacing', 'SliceThickness', 'SpacingBetweenSlices', 'SamplesPerPixel'],
  ...['ImageOrientationPatient', 'ImagePositionPatient', 'FrameOfReferenceUID', 'InstanceNumber'],
  ...['BitsAllocated', 'BitsStored', 'HighBit', 'PhotometricInterpretation', 'RescaleSlope'],
  ...['SeriesInstanceUID', 'StudyInstanceUID', 'SeriesNumber', 'AcquisitionNumber', 'StackID'],
  ...['TemporalPositionIdentifier', 'DiffusionBValue', 'NumberOfFrames', 'EffectiveEchoTime'],
  ...['EchoPulseSequence', 'InversionRecovery', 'SteadyStatePulseSequence', 'Spoiling'],
];
const SEQUENCES = [
  ...['SharedFunctionalGroupsSequence', 'PerFrameFunctionalGroupsSequence', 'ContributingEquipmentSequence'],
  ...['PurposeOfReferenceCodeSequence', 'ContrastBolusUsageSequence', 'ContrastBolusAgentSequence'],
  ...['AnatomicRegionSequence', 'PixelMeasuresSequence', 'PlanePositionSequence', 'MREchoSequence'],
];

const value = fc.oneof(
  fc.constantFrom('MR', 'AX T1', 'T2 FLAIR', 'YES', '1.2.840.10008.5.1.4.1.1.4', '1', 1, 2, 8, 16, 200, ''),
  fc.constantFrom([1, 0, 0, 0, 1, 0], ['1', '0', '0', '0', '0', '-1'], [0, 0, 5], [1, 1], '1\\1', [null], {
    toString: 0,
  }),
  fc.jsonValue({ maxDepth: 1 }),
);
const { dataset: anyDataset } = fc.letrec<{ dataset: Dataset; items: unknown }>(tie => ({
  dataset: fc
    .tuple(
      fc.dictionary(fc.constantFrom(...KEYWORDS), value, { maxKeys: 8 }),
      fc.dictionary(fc.constantFrom(...SEQUENCES), tie('items'), { maxKeys: 2 }),
    )
    .map(([attributes, sequences]) => ({ ...attributes, ...sequences })),
  items: fc.oneof({ maxDepth: 2 }, value, tie('dataset'), fc.array(tie('dataset'), { maxLength: 2 })),
}));

it('a series of anything is described, planned and refused without an error but ours', () => {
  fc.assert(
    fc.property(fc.array(anyDataset, { minLength: 1, maxLength: 4 }), instances => {
      const images = instances.flatMap(framesOf).map(instance => ({ instance }));
      const stacks = describeSeries(images);
      expect(stacks.flatMap(s => s.images)).toHaveLength(images.length);
      const all = stacks.map(s => s.series);
      for (const { attributes } of all) {
        const { role, reasons, refused } = recognize(attributes);
        expect(role === null || ROLE_IDS.includes(role)).toBe(true);
        expect(reasons.length > 0 || refused !== undefined).toBe(true);
      }
      expect(makePlan('S', all, new Map()).rows).toHaveLength(all.length);
      for (const stack of stacks) {
        try {
          sortSlices(stack.images, 'x');
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(SynthesisError);
        }
      }
    }),
  );
});
