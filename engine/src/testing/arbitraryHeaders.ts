import fc from 'fast-check';
import type { Dataset } from '../dicom/Dataset';
import { ROLE_IDS } from '../domains/brain-mr/roles';
import type { RoleId } from '../domains/Role';
import { enhanced } from './enhanced';
import { phantomDatasets } from './phantomStudy';
import { PARTS, readSeriesTable } from './seriesTable';

/** Everything that recognition, splitting and geometry read, and what a derived series copies. */
const KEYWORDS = [
  ...['SOPClassUID', 'Modality', 'SeriesDescription', 'ProtocolName', 'SequenceName', 'PulseSequenceName'],
  ...['ImageType', 'ComplexImageComponent', 'ScanningSequence', 'SequenceVariant', 'ScanOptions'],
  ...['RepetitionTime', 'EchoTime', 'EffectiveEchoTime', 'InversionTime', 'InversionTimes', 'FlipAngle'],
  ...['EchoTrainLength', 'MRAcquisitionType', 'MagneticFieldStrength', 'AcquisitionContrast'],
  ...['ContrastBolusAgent', 'ContrastBolusStartTime', 'AcquisitionTime', 'AcquisitionNumber'],
  ...['BodyPartExamined', 'SyntheticData', 'Manufacturer', 'StackID', 'DiffusionBValue'],
  ...['TemporalPositionIdentifier', 'TemporalPositionIndex', 'TemporalPositionTimeOffset'],
  ...['Rows', 'Columns', 'PixelSpacing', 'SliceThickness', 'SpacingBetweenSlices', 'NumberOfFrames'],
  ...['ImageOrientationPatient', 'ImagePositionPatient', 'FrameOfReferenceUID', 'SamplesPerPixel'],
  ...['BitsAllocated', 'BitsStored', 'HighBit', 'PixelRepresentation', 'PhotometricInterpretation'],
  ...['RescaleSlope', 'RescaleIntercept', 'InstanceNumber', 'SeriesNumber', 'EchoPulseSequence'],
  ...['InversionRecovery', 'SteadyStatePulseSequence', 'Spoiling', 'PatientID', 'PatientName'],
  ...['PatientBirthDate', 'StudyInstanceUID', 'SeriesInstanceUID', 'SOPInstanceUID', 'StudyDate'],
  ...['SharedFunctionalGroupsSequence', 'PerFrameFunctionalGroupsSequence', 'AnatomicRegionSequence'],
  ...['ContrastBolusUsageSequence', 'ContrastBolusAgentSequence', 'ContributingEquipmentSequence'],
] as const;

const PAIRS: Readonly<Record<RoleId, Dataset>> = {
  t1: { RepetitionTime: 550, EchoTime: 10 },
  t1ce: { RepetitionTime: 550, EchoTime: 10, ContrastBolusAgent: 'Gadobutrol' },
  t2: { RepetitionTime: 4200, EchoTime: 98, EchoTrainLength: 15 },
  flair: { RepetitionTime: 9000, EchoTime: 120, InversionTime: 2500, ScanningSequence: ['SE', 'IR'] },
};

/** Headers of phantom series as a scanner writes them, one a slice, by role; without pixels. */
const PHANTOMS: readonly Dataset[][] = phantomDatasets({
  number: 90,
  series: ROLE_IDS.map(role => ({
    ...{ role, dims: [6, 4, 9], spacing: [30, 40, 18] },
    attributes: PAIRS[role],
  })),
}).map(images => images.map(({ PixelData: _, ...header }) => header));

/** Names and times of real series. */
const REAL: readonly Dataset[] = PARTS.flatMap(readSeriesTable).map(({ tags }) => ({ ...tags }));
const OTHERS = [...REAL, ...PHANTOMS.map(images => images[3])];

/** Words of contrasts and agents in many languages and scripts, and what no one means. */
const FOREIGN = [
  ...[
    'T1 nach KM',
    'T1 sans injection',
    'T1 без контраста',
    'Т2 ТУРБО',
    'T1 増強',
    '造影後 T1',
    'T1 조영증강',
  ],
  ...['T1 بدون', 'FLAIR σκιαγραφικό', 'T1 före kontrast', 'T2 çekim', 'T1 sinh lý', 'T1 כרגיל', 'Τ1 με Gd'],
  ...['\u202eT1 GD', 'T1\u0000', '🧠', 'ＦＬＡＩＲ', 'ı̇İŞ', 'T1\\T2', '\u001b$B', 'T1​CE'],
] as const;

const empty = fc.constantFrom<unknown>(undefined, null, '', ' ', [], [''], [null]);
const wrongType = fc.constantFrom<unknown>(
  ...[7, true, 'word', { a: 1 }, { toString: 0 }, [[1]], [{}], ['a', 'b', 'c'], '1\\2', [1, 2], new Date(0)],
);
const extreme = fc.constantFrom<unknown>(
  ...[0, -0, -1, 1e308, -1e308, 1e-300, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31, 65536, '1e999'],
  ...['9'.repeat(400), 'x'.repeat(5000), [1e308, 1e308], [1e308, 1e308, 1e308], [0, 0, 0, 0, 0, 0]],
);
/** A change of one attribute, in one image (counted from 0) or in all of a series. */
interface Change {
  keyword: string;
  value: unknown;
  image: number | null;
}

/** How the headers of a series come about; shorter to read than the headers. */
export interface SeriesRecipe {
  phantom: number;
  /** Names and times of a real series instead. */
  real: Dataset;
  changes: readonly Change[];
  /** One enhanced image instead of one file a slice. */
  multiFrame: boolean;
}

const anyValue = fc.oneof(
  empty,
  wrongType,
  extreme,
  fc.constantFrom<unknown>(...FOREIGN),
  fc.anything({ maxDepth: 1 }),
);
/** What a radiographer would take for a hint, each by itself; together they contradict each other. */
const HINTS: readonly (readonly [string, readonly string[]])[] = [
  ['SeriesDescription', ['AX T1', 'AX T2', 'AX FLAIR', 'AX T1 POST GD', 'T1 sans injection', 'series 4']],
  ['ProtocolName', ['AX T1', 'AX T2', 'AX FLAIR', 'AX T1 POST GD', 'T1 sans injection']],
  ['AcquisitionContrast', ['T1', 'T2', 'FLUID_ATTENUATED']],
  ['ContrastBolusAgent', ['Gadobutrol', 'NONE']],
];
const hint: fc.Arbitrary<Change> = fc
  .constantFrom(...HINTS.flatMap(([keyword, values]) => values.map(value => ({ keyword, value }))))
  .map(one => ({ ...one, image: null }));

const anyChange: fc.Arbitrary<Change> = fc
  .record({
    keyword: fc.constantFrom<string>(...KEYWORDS),
    // Of another series: one that contradicts.
    value: fc.oneof(
      { weight: 4, arbitrary: anyValue.map(value => () => value) },
      fc.nat(OTHERS.length - 1).map(n => (keyword: string) => OTHERS[n][keyword]),
    ),
    image: fc.option(fc.nat(8), { nil: null }),
  })
  .map(({ keyword, value, image }) => ({ keyword, value: value(keyword), image }));

/** A study of up to five series. */
export const arbitraryRecipes: fc.Arbitrary<SeriesRecipe[]> = fc.array(
  fc.record({
    phantom: fc.nat(PHANTOMS.length - 1),
    real: fc.option(fc.constantFrom(...REAL), { nil: {} }),
    changes: fc.array(fc.oneof(anyChange, hint), { maxLength: 4 }),
    multiFrame: fc.integer({ min: 0, max: 5 }).map(n => n === 5),
  }),
  { minLength: 1, maxLength: 5 },
);

/** The headers of a study, each series with UIDs of its own unless a change says otherwise. */
export function headersOf(recipes: readonly SeriesRecipe[]): Dataset[] {
  return recipes.flatMap(({ phantom, real, changes, multiFrame }, n) => {
    const images = PHANTOMS[phantom].map((image, k) => ({
      ...image,
      ...real,
      SeriesInstanceUID: `${image.StudyInstanceUID}.9${n}`,
      SOPInstanceUID: `${image.StudyInstanceUID}.9${n}.${k}`,
      SeriesNumber: n + 1,
    }));
    const all = multiFrame ? [enhanced(images.map(i => ({ ...i, PixelData: new ArrayBuffer(0) })))] : images;
    return all.map((image, k) => {
      const own = changes.filter(one => one.image === null || one.image === k);
      return { ...image, ...Object.fromEntries(own.map(({ keyword, value }) => [keyword, value])) };
    });
  });
}
