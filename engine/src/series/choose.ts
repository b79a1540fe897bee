import { vec3 } from 'gl-matrix';
import type { Domain } from '../domains/Domain';
import type { Confidence } from '../domains/Recognition';
import { type Message, message } from '../messages';
import type { StudySeries } from './StudySeries';
import { MIN_SLICES } from './slices';

/** A series proposed for a role. */
export interface Candidate<S extends StudySeries = StudySeries> {
  series: S;
  confidence: Confidence;
  /** Why another image of the same acquisition is better. */
  lesser?: Message;
}

/** The best of several series of one role. */
export interface Choice<S extends StudySeries = StudySeries> {
  best: S;
  /** Why each other series was not chosen, as clauses. */
  reasons: ReadonlyMap<S, Message>;
  /** Those that nothing tells from the best but their number. */
  equals: S[];
}

/** A criterion of the comparison; larger values are better. */
interface Criterion {
  value: (candidate: Candidate) => number;
  /** Values within this share of the best count as equal. */
  tolerance: number;
  /** Why a loser is not chosen. */
  reason: (loser: Candidate, best: StudySeries) => Message;
}

/** Extent that holds the whole region, mm. A larger extent is not better. */
type Extent = Domain['extent'];

const criteria = (extent: Extent): Criterion[] => [
  {
    value: ({ series }) => (series.images < MIN_SLICES ? 0 : 1),
    tolerance: 0,
    reason: ({ series: { images } }) => message('choice/images', { count: images }),
  },
  {
    value: ({ confidence }) => (confidence === 'low' ? 0 : 1),
    tolerance: 0,
    reason: () => message('choice/less-certain'),
  },
  {
    value: ({ series: { coverage } }) => (coverage?.missing ? 0 : 1),
    tolerance: 0,
    reason: ({ series: { coverage } }) => message('choice/slices-missing', { count: coverage!.missing }),
  },
  {
    value: ({ series: { coverage } }) =>
      coverage
        ? Math.min(1, coverage.along / extent.along) * Math.min(1, coverage.inPlane / extent.inPlane)
        : 0,
    tolerance: 0.1,
    reason: ({ series: { coverage: a } }, { coverage: b }) =>
      a && b
        ? message('choice/coverage', {
            along: Math.round(a.along),
            inPlane: Math.round(a.inPlane),
            otherAlong: Math.round(b.along),
            otherInPlane: Math.round(b.inPlane),
          })
        : message('choice/coverage-unknown'),
  },
  {
    value: ({ series }) => 1 / voxelVolume(series),
    tolerance: 0.1,
    reason: ({ series }, best) =>
      message('choice/voxels', { voxels: voxelSize(series), otherVoxels: voxelSize(best) }),
  },
  {
    value: ({ lesser }) => (lesser ? 0 : 1),
    tolerance: 0,
    reason: ({ lesser }) => lesser ?? message('choice/comes-later'),
  },
  {
    // ND, Siemens' "no distortion correction", beside DIS2D or DIS3D.
    value: ({ series }) => (isUncorrected(series) ? 0 : 1),
    tolerance: 0,
    reason: () => message('choice/uncorrected'),
  },
];

/** Whether the scanner left the distortion as it was. */
function isUncorrected({ attributes: { ImageType = [], SeriesDescription = '' } }: StudySeries): boolean {
  const types = ImageType.map(value => value.trim());
  return (
    types.includes('ND') || (/_ND$/.test(SeriesDescription) && !types.some(value => /^DIS[23]D/.test(value)))
  );
}

/** Whether a series is a worse image of another one's acquisition: not corrected, or a lesser component. */
export function isLesserCopy(
  { series, lesser }: Pick<Candidate, 'series' | 'lesser'>,
  other: StudySeries,
): boolean {
  const alike = series.images === other.images && series.inPlaneSpacing === other.inPlaneSpacing;
  const times = [series, other].flatMap(({ attributes }) => attributes.AcquisitionTime ?? []);
  if (!alike) return false;
  return lesser ? new Set(times).size < 2 : isUncorrected(series) && !isUncorrected(other);
}

/** Candidates that are equal by all criteria except orientation; in no order. */
export function bestCandidates<S extends StudySeries>(
  candidates: readonly Candidate<S>[],
  extent: Extent,
): Candidate<S>[] {
  return criteria(extent).reduce((left, criterion) => asGoodAsBest(left, criterion), [...candidates]);
}

function asGoodAsBest<S extends StudySeries>(
  candidates: readonly Candidate<S>[],
  { value, tolerance }: Criterion,
): Candidate<S>[] {
  const best = Math.max(...candidates.map(value));
  return candidates.filter(candidate => value(candidate) >= best * (1 - tolerance));
}

/** Of the best candidates the one nearest to the reference's orientation; with reasons against the others. */
export function choose<S extends StudySeries>(
  candidates: readonly Candidate<S>[],
  reference: StudySeries | null,
  extent: Extent,
): Choice<S> {
  const [best, ...others] = bestCandidates(candidates, extent)
    .map(candidate => candidate.series)
    .sort((a, b) => tilt(a, reference) - tilt(b, reference) || byNumber(a, b));
  const losers = candidates.filter(candidate => candidate.series !== best);
  return {
    best,
    reasons: new Map(
      losers.map(loser => [loser.series, reasonAgainst(loser, best, candidates, reference, extent)]),
    ),
    equals: others.filter(other => tilt(other, reference) === tilt(best, reference)),
  };
}

function reasonAgainst<S extends StudySeries>(
  loser: Candidate<S>,
  best: S,
  candidates: readonly Candidate<S>[],
  reference: StudySeries | null,
  extent: Extent,
): Message {
  let remaining: readonly Candidate<S>[] = candidates;
  for (const criterion of criteria(extent)) {
    remaining = asGoodAsBest(remaining, criterion);
    if (!remaining.includes(loser)) return criterion.reason(loser, best);
  }
  return tilt(loser.series, reference) > tilt(best, reference)
    ? message('choice/further-from-reference')
    : message('choice/comes-later');
}

/** Orders by SeriesNumber, then by UID, so that the order of reading does not matter. */
export function byNumber(a: StudySeries, b: StudySeries): number {
  return a.SeriesNumber - b.SeriesNumber || (a.id < b.id ? -1 : 1);
}

/** Angle between the slices of two series in degrees, rounded to 5. */
function tilt({ coverage }: StudySeries, reference: StudySeries | null): number {
  if (!coverage || !reference?.coverage) return reference ? 90 : 0;
  const cosine = Math.abs(vec3.dot(coverage.normal, reference.coverage.normal));
  return Math.round((Math.acos(Math.min(1, cosine)) * 180) / Math.PI / 5) * 5;
}

/** mm³ */
function voxelVolume({ inPlaneSpacing, coverage }: StudySeries): number {
  return inPlaneSpacing ** 2 * (coverage?.sliceSpacing || 1);
}

function voxelSize({ inPlaneSpacing, coverage }: StudySeries): Message {
  return message('choice/size', {
    rows: mm(inPlaneSpacing),
    columns: mm(inPlaneSpacing),
    slices: coverage ? mm(coverage.sliceSpacing) : '?',
  });
}

function mm(value: number): number {
  return Math.round(value * 10) / 10;
}
