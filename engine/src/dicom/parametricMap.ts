import type { ErrorMap, ErrorUnit } from '../volume/ErrorMap';
import type { Dataset } from './Dataset';
import { multiframe } from './multiframe';
import { code, OWN_SCHEME } from './provenance';

export const PARAMETRIC_MAP = '1.2.840.10008.5.1.4.1.1.30';

/** The quantity of an error map by its unit. PS3.16 has a code for neither. */
export const ERROR_QUANTITIES: Readonly<Record<ErrorUnit, { CodeValue: string; CodeMeaning: string }>> = {
  'white-matter': {
    CodeValue: 'ERROR-WHITE',
    CodeMeaning: 'Expected absolute error, of the white-matter signal',
  },
  range: { CodeValue: 'ERROR-RANGE', CodeMeaning: 'Expected absolute error, of the intensity range' },
};

/** Per cent by which a stored fraction is multiplied. */
const PERCENT = 100;

/** Upper end of the first window, a fraction. */
const WINDOW = 0.3;

/**
 * The error map of a result as a Parametric Map (PS3.3 A.75), FloatPixelData, one frame an image of the
 * result. Stored is a fraction, and the real-world value is per cent: viewers that show stored values times a
 * hundred, as OHIF does, show the same numbers as those that apply the mapping.
 * @param result its images in the order of k, as `derivedSeries` makes them; their pixels are not read.
 *   Series numbers below a thousand leave room for that of the map
 */
export function parametricMap(result: readonly Dataset[], { volume, unit }: ErrorMap, now: Date): Dataset {
  const [{ Modality, SeriesNumber, SeriesDescription }] = result;
  const { CodeValue, CodeMeaning } = ERROR_QUANTITIES[unit];
  const ImageType = ['DERIVED', 'PRIMARY', 'EXPECTED_ERROR', 'NONE'];
  const fractions = volume.data.map(percent => percent / PERCENT);
  return {
    ...multiframe(result, {
      shared: {
        ParametricMapFrameTypeSequence: [{ FrameType: ImageType }],
        PixelValueTransformationSequence: [{ RescaleIntercept: 0, RescaleSlope: 1, RescaleType: 'US' }],
        FrameVOILUTSequence: [
          { WindowCenter: WINDOW / 2, WindowWidth: WINDOW, VOILUTFunction: 'LINEAR_EXACT' },
        ],
        RealWorldValueMappingSequence: [
          {
            DoubleFloatRealWorldValueFirstValueMapped: 0,
            DoubleFloatRealWorldValueLastValueMapped: fractions.reduce((most, one) => Math.max(most, one), 1),
            RealWorldValueIntercept: 0,
            RealWorldValueSlope: PERCENT,
            LUTExplanation: CodeMeaning,
            LUTLabel: 'EXPECTED_ERROR',
            MeasurementUnitsCodeSequence: code('%', 'UCUM', 'Percent'),
            QuantityDefinitionSequence: [
              {
                ValueType: 'CODE',
                ConceptNameCodeSequence: code('246205007', 'SCT', 'Quantity'),
                ConceptCodeSequence: code(CodeValue, OWN_SCHEME, CodeMeaning),
              },
            ],
          },
        ],
      },
      DerivationCodeSequence: code(
        'ERROR',
        OWN_SCHEME,
        'Error of a synthetic image, as its model expects it',
      ),
      now,
    }),
    SOPClassUID: PARAMETRIC_MAP,
    Modality,
    SeriesNumber: Number(SeriesNumber) + 1000,
    SeriesDescription: `${SeriesDescription} expected error`.slice(0, 64),
    ImageType,
    ContentLabel: 'EXPECTED_ERROR',
    ContentDescription: CodeMeaning,
    DerivationDescription:
      `Absolute error of ${SeriesDescription} as its model expects it, calibrated on average over patients. ` +
      'A low value is no proof.',
    AcquisitionContextSequence: [],
    // The map is 0 outside the synthesized region: no face.
    RecognizableVisualFeatures: 'NO',
    PresentationLUTShape: 'IDENTITY',
    BitsAllocated: 32,
    FloatPixelData: fractions.buffer,
  };
}
