import type { SeriesAttributes } from '../../../dicom/seriesAttributes';
import type { Message } from '../../../messages';
import { message } from '../en';

/** Weighting by timing, which is the same for T1 with and without an agent. */
export type Weighting =
  | 't1'
  | 't2'
  | 'flair'
  | 't2star'
  | 'pd'
  | 'stir'
  | 'steady-state'
  | 'white-matter-nulled'
  | 'mp2rage';

export interface ParameterWeighting {
  weighting: Weighting;
  /** The values used: "TI 2500 ms and TR 9000 ms". */
  evidence: Message;
  /** Other kinds of images have the same timing. */
  ambiguous?: boolean;
  /** What a name makes of the same times: they fit these too. */
  also?: readonly Weighting[];
  /** They fit `also` less well. */
  weak?: boolean;
}

/** ms; a shorter TI does not weight by T1, and no protocol has a longer one. */
const INVERSION_TIMES = { shortest: 50, longest: 10_000 };
/** ms; from one inversion to the next of a magnetization-prepared gradient echo. */
const SHORTEST_TRAIN = 1200;
/** T; T1 of fat and tissue are a third of those at 1.5 T. */
const VERY_LOW_FIELD = 0.1;
/** ms; no spin echo is shorter. Such times are in seconds or made up. */
const SHORTEST_SPIN_ECHO = 2;

/**
 * Weighting by TR, TE, TI and the kind of echo; null if they are missing or inconclusive. The bounds include
 * clinical protocols at 1.5 and 3 T with a margin (tests/fixtures/series-descriptions).
 */
export function weightingFromParameters(attributes: SeriesAttributes): ParameterWeighting | null {
  const { RepetitionTime: tr, EchoTime: te, InversionTime: ti = 0 } = attributes;
  const acquired = fromAcquisitionContrast(attributes.AcquisitionContrast);
  if (!(tr !== undefined && te !== undefined && tr > 0 && te > 0)) return acquired;
  if (has(attributes.ScanningSequence, 'EP')) return acquired;
  if (te < SHORTEST_SPIN_ECHO && has(attributes.ScanningSequence, 'SE')) return acquired;
  if (ti >= INVERSION_TIMES.shortest && ti <= INVERSION_TIMES.longest) {
    return inverted(attributes, tr, te, ti) ?? acquired;
  }
  const found = plain(attributes, tr, te);
  // Without a TI the times of a FLAIR are those of a T2.
  return acquired && (!found || found.also?.includes(acquired.weighting)) ? acquired : found;
}

function inverted(
  attributes: SeriesAttributes,
  tr: number,
  te: number,
  ti: number,
): ParameterWeighting | null {
  const evidence = message('brain-mr/recognition/ti-and-tr', { ti: ms(ti), tr: ms(tr) });
  if (isGradientEcho(attributes, tr, te)) {
    // TR of a whole train: white matter is nulled by TI 0.4 to 0.5 s (FGATIR, WMn-MPRAGE).
    if (tr >= 2500 && ti >= 200 && ti < 600) return { weighting: 'white-matter-nulled', evidence };
    // TR of the two trains of an MP2RAGE: the first inversion is no T1, the second proton density.
    if (tr >= 4000) return { weighting: 'mp2rage', evidence };
    // Magnetization-prepared gradient echo: MPRAGE, BRAVO, 3-D TFE.
    return te <= 15 && ti >= 200 && ti <= 1500 ? { weighting: 't1', evidence } : null;
  }
  // T1 is shorter at 64 mT: TR 1500, TE 6 and TI 300 ms give a T1 there.
  if (ti >= 250 && ti < 350 && te <= 20 && tr >= 1200 && tr <= 2500) {
    const { MagneticFieldStrength: field } = attributes;
    if (field === undefined) return { weighting: 'stir', evidence, also: ['t1'], weak: true };
    return { weighting: field > 0 && field <= VERY_LOW_FIELD ? 't1' : 'stir', evidence };
  }
  if (ti < 350 && tr >= 1200) return { weighting: 'stir', evidence };
  // Fluid is nulled by TI 1.6 to 2.9 s; the long echo makes the rest T2-weighted.
  if (te >= 70 && ti >= 1400 && tr >= 4000) return { weighting: 'flair', evidence };
  if (te <= 70 && ti >= 500 && ti < 1400 && tr >= 1200 && tr <= 4500) return { weighting: 't1', evidence };
  return null;
}

function plain(attributes: SeriesAttributes, tr: number, te: number): ParameterWeighting | null {
  const evidence = message('brain-mr/recognition/te-and-tr', { te: ms(te), tr: ms(tr) });
  if (isGradientEcho(attributes, tr, te)) return gradientEcho(attributes, tr, te, evidence);
  if (te <= 40 && tr <= 1100) return { weighting: 't1', evidence };
  if (te >= 70 && tr >= 4000) {
    const inversion = has(attributes.ScanningSequence, 'IR');
    if (inversion) return { weighting: 'flair', evidence, ambiguous: true, also: ['stir'] };
    const ambiguous = mayBeDiffusion(attributes) || mayBeInverted(attributes);
    return { weighting: 't2', evidence, ambiguous, also: ['flair', 'stir'] };
  }
  if (te >= 60 && tr >= 1200) {
    return { weighting: 't2', evidence, ambiguous: mayBeDiffusion(attributes), also: ['stir'] };
  }
  // A T1 FLAIR without its TI has the times of proton density.
  if (te < 50 && tr >= 2000)
    return { weighting: 'pd', evidence, also: tr <= 4500 ? ['t1', 'stir'] : ['stir'] };
  return null;
}

/** Without ScanningSequence, or with GE's RM (research mode), nothing says that there is no inversion. */
function mayBeInverted({ ScanningSequence }: SeriesAttributes): boolean {
  return !ScanningSequence?.length || has(ScanningSequence, 'RM');
}

/** Without EP in its header, diffusion looks like T2. It is never 3-D, and its echo trains are longer. */
function mayBeDiffusion({ MRAcquisitionType, EchoTrainLength = 1 }: SeriesAttributes): boolean {
  return MRAcquisitionType !== '3D' && !(EchoTrainLength >= 2 && EchoTrainLength <= 24);
}

function gradientEcho(
  attributes: SeriesAttributes,
  tr: number,
  te: number,
  evidence: Message,
): ParameterWeighting | null {
  const { SequenceVariant, FlipAngle, MRAcquisitionType } = attributes;
  if (te >= 12) return { weighting: 't2star', evidence };
  if (has(SequenceVariant, 'SS') && !has(SequenceVariant, 'SP') && tr < 15 && (FlipAngle ?? 0) >= 30) {
    return { weighting: 'steady-state', evidence };
  }
  const flip = FlipAngle ?? 90;
  if (MRAcquisitionType !== '2D' && tr >= SHORTEST_TRAIN && te <= 8 && flip < 20) {
    // TR of a whole train whose TI is absent, see `inverted`: an MPRAGE, a FGATIR or a part of an MP2RAGE.
    return tr < 4000
      ? { weighting: 't1', evidence, ambiguous: true, also: ['white-matter-nulled', 'mp2rage'] }
      : { weighting: 'mp2rage', evidence, also: ['t1'], weak: true };
  }
  if (MRAcquisitionType !== '2D' && tr >= 5 && tr <= 60 && te <= 8 && flip >= 7) {
    // An angiogram by inflow, a field map and a test bolus have the same.
    return { weighting: 't1', evidence, ambiguous: true };
  }
  if (MRAcquisitionType !== '3D' && tr >= 60 && tr <= 400 && te <= 8 && flip >= 40) {
    return { weighting: 't1', evidence, ambiguous: true };
  }
  return null;
}

function isGradientEcho({ ScanningSequence, FlipAngle }: SeriesAttributes, tr: number, te: number): boolean {
  if (has(ScanningSequence, 'GR')) return true;
  if (has(ScanningSequence, 'SE') || has(ScanningSequence, 'IR')) return false;
  return te <= 8 && (tr <= 60 || (FlipAngle !== undefined && FlipAngle < 20 && tr >= SHORTEST_TRAIN));
}

const BY_ACQUISITION_CONTRAST: Readonly<Record<string, Weighting>> = {
  T1: 't1',
  T2: 't2',
  FLUID_ATTENUATED: 'flair',
  T2_STAR: 't2star',
  PROTON_DENSITY: 'pd',
  STIR: 'stir',
};

/** What AcquisitionContrast says, where it names a weighting. */
export function fromAcquisitionContrast(value: string | undefined): ParameterWeighting | null {
  const key = value?.trim().toUpperCase() ?? '';
  const weighting = Object.hasOwn(BY_ACQUISITION_CONTRAST, key) ? BY_ACQUISITION_CONTRAST[key] : undefined;
  return weighting
    ? {
        weighting,
        evidence: message('brain-mr/recognition/acquisition-contrast', { acquisitionContrast: key }),
      }
    : null;
}

function has(values: readonly string[] | undefined, value: string): boolean {
  return values?.some(v => v.trim().toUpperCase() === value) ?? false;
}

/** To a tenth below 100. */
function ms(value: number): number {
  return value >= 100 ? Math.round(value) : Math.round(value * 10) / 10;
}
