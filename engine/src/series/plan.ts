import { DOMAINS } from '../domains';
import type { Domain } from '../domains/Domain';
import type { Confidence } from '../domains/Recognition';
import { type Contrast, roleLabel } from '../domains/Role';
import { type Message, message, type Text } from '../messages';
import { type Assignment, assignContrasts, type Choices, proposedContrast } from './assignContrasts';
import { bestCandidates, byNumber, type Candidate, choose } from './choose';
import type { StudySeries } from './StudySeries';

export type Sources<S extends StudySeries = StudySeries> = ReadonlyMap<Contrast, S>;

/** One line of the source list. */
export interface SourceRow<S extends StudySeries = StudySeries> {
  series: S;
  contrast: Contrast | null;
  /** Confidence of the proposal; null without a proposal or if the user chose. */
  confidence: Confidence | null;
  reasons: Text[];
  refused?: Text;
}

/** Input of a job: which series is which source, and what is missing. */
export interface Plan<S extends StudySeries = StudySeries> {
  study: string;
  rows: SourceRow<S>[];
  sources: Sources<S>;
  /** What its series can be, in the order of display. */
  roles: readonly Contrast[];
  /** Contrasts without a source. */
  missing: Contrast[];
  /** Source whose grid the results have. */
  reference: Contrast | null;
}

/** A plan that a job can run. */
export interface JobPlan<S extends StudySeries = StudySeries> extends Plan<S> {
  reference: Contrast;
}

/**
 * Proposes sources, missing targets and the reference for one study. A user's choice overrides a proposal; a
 * refusal overrides both. Of several series of one contrast it uses the best: complete, covering the region,
 * fine, and near the reference's orientation, in this order. The order of `series` affects only the rows.
 * @param series of this study only
 */
export function makePlan<S extends StudySeries>(
  study: string,
  series: readonly S[],
  choices: Choices,
  chosenReference?: Contrast,
  { roles: names, recognize, extent }: Domain = DOMAINS[0],
): Plan<S> {
  const roles = Object.keys(names);
  const assignments = assignContrasts(series, choices, recognize);
  const chosen = chosenSources(assignments);
  const candidates = new Map(
    roles.filter(c => !chosen.has(c)).map(c => [c, candidatesFor(c, assignments)] as const),
  );
  const reference = referenceSeries(chosen, candidates, extent, chosenReference);
  const sources = new Map<Contrast, S>();
  const reasons = new Map<S, Message>();
  for (const contrast of roles) {
    const own = chosen.get(contrast);
    const proposed = candidates.get(contrast) ?? [];
    if (own) sources.set(contrast, own);
    else if (proposed.length) {
      const choice = choose(proposed, reference, extent);
      sources.set(contrast, choice.best);
      for (const [loser, why] of choice.reasons) reasons.set(loser, why);
    }
  }
  return {
    study,
    rows: assignments.map(one => row(one, sources, reasons)),
    sources,
    roles,
    missing: roles.filter(c => !sources.has(c)),
    reference: chosenReference && sources.has(chosenReference) ? chosenReference : bestReference(sources),
  };
}

/** The user's choices; of two for one contrast the one with the larger SeriesNumber. */
function chosenSources<S extends StudySeries>(assignments: readonly Assignment<S>[]): Map<Contrast, S> {
  const own = assignments
    .filter(({ recognition, choice }) => choice && !recognition.refused)
    .sort((a, b) => byNumber(a.series, b.series));
  return new Map(own.map(({ series, choice }) => [choice!, series]));
}

function candidatesFor<S extends StudySeries>(
  contrast: Contrast,
  assignments: readonly Assignment<S>[],
): Candidate<S>[] {
  return assignments
    .filter(one => one.choice === undefined && proposedContrast(one) === contrast)
    .map(({ series, recognition }) => ({ series, confidence: recognition.confidence! }));
}

/** The probable reference: other sources are chosen near its orientation. */
function referenceSeries<S extends StudySeries>(
  chosen: ReadonlyMap<Contrast, S>,
  candidates: ReadonlyMap<Contrast, readonly Candidate<S>[]>,
  extent: Domain['extent'],
  chosenReference: Contrast | undefined,
): S | null {
  const possible = [...new Set([...chosen.keys(), ...candidates.keys()])].flatMap(contrast => {
    const own = chosen.get(contrast);
    const best = bestCandidates(candidates.get(contrast) ?? [], extent).map(candidate => candidate.series);
    return (own ? [own] : best).map(series => [contrast, series] as const);
  });
  const wanted = possible.filter(([contrast]) => contrast === chosenReference);
  return nearestToAxial(wanted.length ? wanted : possible)?.[1] ?? null;
}

function row<S extends StudySeries>(
  { series, recognition, choice }: Assignment<S>,
  sources: Sources<S>,
  because: ReadonlyMap<S, Message>,
): SourceRow<S> {
  const { contrast: proposed, confidence, reasons, refused } = recognition;
  if (refused) return { series, contrast: null, confidence: null, reasons, refused };
  const contrast = [...sources].find(([, s]) => s === series)?.[0] ?? null;
  if (choice !== undefined)
    return { series, contrast, confidence: null, reasons: [message('choice/by-person')] };
  if (!proposed || contrast) return { series, contrast, confidence, reasons };
  const used = sources.get(proposed)!;
  const why = because.get(series) ?? message('choice/person-chose-other');
  const instead = message('choice/not-chosen', {
    used: used.description,
    contrast: roleLabel(proposed),
    reason: why,
  });
  return { series, contrast, confidence, reasons: [...reasons, instead] };
}

function bestReference(sources: Sources): Contrast | null {
  return nearestToAxial([...sources])?.[0] ?? null;
}

/** Nearest to axial (all within about 20 degrees count as axial), then finest pixels. */
function nearestToAxial<S extends StudySeries>(
  series: readonly (readonly [Contrast, S])[],
): readonly [Contrast, S] | undefined {
  const axial = (s: StudySeries) => (s.axiality > 0.94 ? 1 : s.axiality);
  return [...series].sort(
    ([, a], [, b]) => axial(b) - axial(a) || a.inPlaneSpacing - b.inPlaneSpacing || byNumber(a, b),
  )[0];
}
