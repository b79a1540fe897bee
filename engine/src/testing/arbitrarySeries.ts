import fc from 'fast-check';
import type { SeriesAttributes } from '../dicom/seriesAttributes';
import { ROLE_IDS } from '../domains/brain-mr/roles';
import type { StudySeries } from '../series/StudySeries';
import type { Coverage } from '../series/seriesCoverage';
import { series } from './series';
import { PARTS, readSeriesTable } from './seriesTable';

/** Words of real series, so that arbitrary names mean something now and then. */
const WORDS = [
  ...new Set(
    PARTS.flatMap(readSeriesTable).flatMap(row =>
      (row.tags.SeriesDescription ?? '').split(/[^\p{L}\p{N}+*]+/u),
    ),
  ),
].filter(word => word !== '');

export const SEPARATORS = [' ', '_', '.', ':', ' - ', '  ', ', ', '/'] as const;

/** Names out of real words, out of anything, and real names as they are. */
export const arbitraryWords = fc.array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 5 });

const name = fc.oneof(
  arbitraryWords.map(words => words.join(' ')),
  fc.string({ maxLength: 64, unit: 'grapheme' }),
);

const code = (...values: string[]) => fc.array(fc.constantFrom(...values), { maxLength: 3 });
const time = fc.oneof(fc.double(), fc.double({ min: 0, max: 12000, noNaN: true }));

export const arbitraryAttributes: fc.Arbitrary<SeriesAttributes> = fc.record(
  {
    SOPClassUID: fc.constantFrom('1.2.840.10008.5.1.4.1.1.4', '1.2.840.10008.5.1.4.1.1.7'),
    Modality: fc.oneof({ weight: 9, arbitrary: fc.constant('MR') }, fc.constantFrom('CT', 'OT', '')),
    SeriesDescription: name,
    ProtocolName: name,
    SequenceName: fc.oneof(fc.constantFrom('*tfl3d1', '*ep_b1000', '*spcir', 'BRAVO'), fc.string()),
    PulseSequenceName: fc.string(),
    ImageType: fc.oneof(
      code('ORIGINAL', 'DERIVED', 'PRIMARY', 'SECONDARY', 'M', 'MPR', 'ADC', 'OTHER'),
      fc.array(fc.string(), { maxLength: 4 }),
    ),
    ScanningSequence: code('SE', 'GR', 'IR', 'EP', 'RM', ''),
    SequenceVariant: code('SK', 'SP', 'SS', 'MP'),
    ScanOptions: fc.array(fc.string(), { maxLength: 2 }),
    RepetitionTime: time,
    EchoTime: time,
    InversionTime: time,
    FlipAngle: fc.double(),
    EchoTrainLength: fc.integer(),
    MRAcquisitionType: fc.constantFrom('2D', '3D', ''),
    AcquisitionContrast: fc.oneof(fc.constantFrom('T1', 'T2', 'FLUID_ATTENUATED', 'DIFFUSION'), fc.string()),
    ContrastBolusAgent: fc.oneof(fc.constantFrom('Gadovist', 'NO', ''), fc.string()),
    ContrastBolusStartTime: fc.oneof(fc.constantFrom('101500', '101500.25'), fc.string()),
    AcquisitionTime: fc.oneof(fc.constantFrom('101000', '102000'), fc.string()),
    BodyPartExamined: fc.oneof(fc.constantFrom('HEAD', 'BRAIN', 'CSPINE', 'ABDOMEN', ''), fc.string()),
    SyntheticData: fc.constantFrom('YES', 'NO', ''),
  },
  { requiredKeys: [] },
);

const length = fc.double({ min: 0.1, max: 300, noNaN: true });

const coverage: fc.Arbitrary<Coverage | null> = fc.option(
  fc.record({
    normal: fc.constantFrom<Coverage['normal']>([0, 0, 1], [1, 0, 0], [0, 1, 0], [0, 0.6, 0.8]),
    along: length,
    inPlane: length,
    sliceSpacing: length,
    missing: fc.nat(3),
  }),
);

/** Series much like each other, so that only the last criteria tell them apart. */
const alike: fc.Arbitrary<Partial<StudySeries>> = fc.record({
  attributes: fc.constantFrom<SeriesAttributes>(
    { SeriesDescription: 'T1' },
    { SeriesDescription: 'T1 +C' },
    { SeriesDescription: 'T2' },
    { SeriesDescription: 'T1', ImageType: ['DERIVED', 'SECONDARY', 'MPR'] },
  ),
  coverage: fc.constantFrom<Coverage | null>(
    null,
    { normal: [0, 0, 1], along: 150, inPlane: 200, sliceSpacing: 5, missing: 0 },
    { normal: [1, 0, 0], along: 150, inPlane: 200, sliceSpacing: 5, missing: 0 },
  ),
  SeriesNumber: fc.integer({ min: 0, max: 1 }),
});

/** A study of up to six series, each with a UID of its own. */
export const arbitraryStudy: fc.Arbitrary<StudySeries[]> = fc
  .array(
    fc.oneof(
      alike,
      fc.record({
        attributes: arbitraryAttributes,
        coverage,
        SeriesNumber: fc.integer({ min: 0, max: 3 }),
        inPlaneSpacing: fc.oneof(fc.constantFrom(0.5, 1, Number.POSITIVE_INFINITY), length),
        axiality: fc.double({ min: 0, max: 1, noNaN: true }),
      }),
    ),
    { maxLength: 6 },
  )
  .map(all => all.map((more, k) => series(`series ${k}`, more)));

/** What a person may have said of the series of such a study. */
export const arbitraryChoices = fc
  .array(fc.option(fc.constantFrom(...ROLE_IDS, undefined)), { minLength: 6, maxLength: 6 })
  .map(
    all =>
      new Map(
        all.flatMap((choice, k) => (choice === undefined ? [] : [[`uid series ${k}`, choice] as const])),
      ),
  );
