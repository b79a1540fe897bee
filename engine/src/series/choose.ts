import { vec3 } from 'gl-matrix';
import type { Confidence } from '../contrast/recognize';
import { type Message, message } from '../messages';
import type { StudySeries } from './StudySeries';
import { FEWEST } from './slices';

/** A series proposed for a contrast. */
export interface Candidate<S extends StudySeries = StudySeries> {
  series: S;
  confidence: Confidence;
}

/** The best of several series of one contrast, and why each other one is not. */
export interface Choice<S extends StudySeries = StudySeries> {
  best: S;
  /** Clauses by loser. */
  because: ReadonlyMap<S, Message>;
}

/** One thing by which series are compared; larger is better. */
interface Criterion {
  value: (candidate: Candidate) => number;
  /** Whoever comes within this share of the best is as good. */
  within: number;
  /** Why a loser is not chosen. */
  words: (loser: StudySeries, best: StudySeries) => Message;
}

/** A brain fits into this, mm: more than it counts for nothing. */
const BRAIN = { along: 150, inPlane: 180 } as const;

const CRITERIA: readonly Criterion[] = [
  {
    value: ({ series }) => (series.images < FEWEST ? 0 : 1),
    within: 0,
    words: ({ images }) => message('choice/images', { count: images }),
  },
  {
    value: ({ confidence }) => (confidence === 'low' ? 0 : 1),
    within: 0,
    words: () => message('choice/less-certain'),
  },
  {
    value: ({ series: { coverage } }) => (coverage?.missing ? 0 : 1),
    within: 0,
    words: ({ coverage }) => message('choice/slices-missing', { count: coverage!.missing }),
  },
  {
    value: ({ series: { coverage } }) =>
      coverage
        ? Math.min(1, coverage.along / BRAIN.along) * Math.min(1, coverage.inPlane / BRAIN.inPlane)
        : 0,
    within: 0.1,
    words: ({ coverage: a }, { coverage: b }) =>
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
    value: ({ series }) => 1 / voxel(series),
    within: 0.1,
    words: (a, b) => message('choice/voxels', { voxels: size(a), otherVoxels: size(b) }),
  },
];

/** Those of several candidates that nothing but closeness to the reference tells apart; in no order. */
export function bestCandidates<S extends StudySeries>(candidates: readonly Candidate<S>[]): Candidate<S>[] {
  return CRITERIA.reduce((left, criterion) => asGoodAsBest(left, criterion), [...candidates]);
}

function asGoodAsBest<S extends StudySeries>(
  candidates: readonly Candidate<S>[],
  { value, within }: Criterion,
): Candidate<S>[] {
  const best = Math.max(...candidates.map(value));
  return candidates.filter(candidate => value(candidate) >= best * (1 - within));
}

/** The candidate nearest to the reference of those that are otherwise as good, with the reasons against the others. */
export function choose<S extends StudySeries>(
  candidates: readonly Candidate<S>[],
  reference: StudySeries | null,
): Choice<S> {
  const [best] = bestCandidates(candidates)
    .map(candidate => candidate.series)
    .sort((a, b) => tilt(a, reference) - tilt(b, reference) || byNumber(a, b));
  const losers = candidates.filter(candidate => candidate.series !== best);
  return {
    best,
    because: new Map(losers.map(loser => [loser.series, why(loser, best, candidates, reference)])),
  };
}

function why<S extends StudySeries>(
  loser: Candidate<S>,
  best: S,
  candidates: readonly Candidate<S>[],
  reference: StudySeries | null,
): Message {
  let left: readonly Candidate<S>[] = candidates;
  for (const criterion of CRITERIA) {
    left = asGoodAsBest(left, criterion);
    if (!left.includes(loser)) return criterion.words(loser.series, best);
  }
  return tilt(loser.series, reference) > tilt(best, reference)
    ? message('choice/further-from-reference')
    : message('choice/comes-later');
}

/** By SeriesNumber; by UID where that is the same, so that no order of reading decides. */
export function byNumber(a: StudySeries, b: StudySeries): number {
  return a.SeriesNumber - b.SeriesNumber || (a.id < b.id ? -1 : 1);
}

/** Degrees between the slices of two series, to five. */
function tilt({ coverage }: StudySeries, reference: StudySeries | null): number {
  if (!coverage || !reference?.coverage) return reference ? 90 : 0;
  const cosine = Math.abs(vec3.dot(coverage.normal, reference.coverage.normal));
  return Math.round((Math.acos(Math.min(1, cosine)) * 180) / Math.PI / 5) * 5;
}

/** mm³ */
function voxel({ inPlaneSpacing, coverage }: StudySeries): number {
  return inPlaneSpacing ** 2 * (coverage?.sliceSpacing || 1);
}

function size({ inPlaneSpacing, coverage }: StudySeries): Message {
  return message('choice/size', {
    rows: mm(inPlaneSpacing),
    columns: mm(inPlaneSpacing),
    slices: coverage ? mm(coverage.sliceSpacing) : '?',
  });
}

function mm(value: number): number {
  return Math.round(value * 10) / 10;
}
