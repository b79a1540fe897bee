import { planningDomain } from '../domains';
import type { Domain } from '../domains/Domain';
import type { Confidence, Recognition } from '../domains/Recognition';
import { type RoleId, roleLabel } from '../domains/Role';
import { type Message, message, type Text } from '../messages';
import { type Assignment, assignRoles, type Choices, proposedRole } from './assignRoles';
import { bestCandidates, byNumber, type Candidate, choose, isLesserCopy } from './choose';
import type { StudySeries } from './StudySeries';
import { MIN_SLICES } from './slices';

export type Sources<S extends StudySeries = StudySeries> = ReadonlyMap<RoleId, S>;

/** One line of the source list. */
export interface SourceRow<S extends StudySeries = StudySeries> {
  series: S;
  role: RoleId | null;
  /** Confidence of the proposal; null without a proposal or if the user chose. */
  confidence: Confidence | null;
  reasons: Text[];
  refused?: Text;
}

/** Series of which each may have a role, and nothing that was read decides. */
export interface Rivalry<S extends StudySeries = StudySeries> {
  role: RoleId;
  /** Whether the role has no source; else the first of the series is it. */
  missing: boolean;
  series: S[];
}

/** Input of a job: which series is which source, and what is missing. */
export interface Plan<S extends StudySeries = StudySeries> {
  study: string;
  rows: SourceRow<S>[];
  sources: Sources<S>;
  /** What its series can be. */
  domain: Domain;
  /** Roles without a source that can be made. */
  missing: RoleId[];
  /** What the user should decide. */
  rivalries: Rivalry<S>[];
  /** Source whose grid the results have. */
  reference: RoleId | null;
}

/** A plan that a job can run. */
export interface JobPlan<S extends StudySeries = StudySeries> extends Plan<S> {
  reference: RoleId;
}

/**
 * Proposes sources, missing targets and the reference for one study. A user's choice overrides a proposal; a
 * refusal overrides both. Of several series of one role it uses the best: complete, covering the region,
 * fine, and near the reference's orientation, in this order. The order of `series` affects only the rows.
 * @param series of this study only
 */
export function makePlan<S extends StudySeries>(
  study: string,
  series: readonly S[],
  choices: Choices,
  chosenReference?: RoleId,
  domain: Domain = planningDomain(),
): Plan<S> {
  const { extent } = domain;
  const roles = Object.keys(domain.roles);
  const assignments = assignRoles(series, choices, domain.recognize);
  const chosen = chosenSources(assignments);
  const candidates = new Map(
    roles.filter(c => !chosen.has(c)).map(c => [c, candidatesFor(c, assignments)] as const),
  );
  const reference = referenceSeries(chosen, candidates, extent, chosenReference);
  const sources = new Map<RoleId, S>();
  const reasons = new Map<S, Message>();
  const rivalries: Rivalry<S>[] = [];
  for (const role of roles) {
    const own = chosen.get(role);
    const proposed = candidates.get(role) ?? [];
    if (own) sources.set(role, own);
    else if (proposed.length) {
      const choice = choose(proposed, reference, extent);
      sources.set(role, choice.best);
      for (const [loser, why] of choice.reasons) reasons.set(loser, why);
      if (choice.equals.length)
        rivalries.push({ role, missing: false, series: [choice.best, ...choice.equals] });
    }
  }
  const missing = domain.makes.filter(c => !sources.has(c));
  return {
    study,
    rows: assignments.map(one => row(one, sources, reasons)),
    sources,
    domain,
    missing,
    rivalries: [
      ...rivalries,
      ...roles.filter(c => !sources.has(c)).flatMap(role => rivalsOf(role, assignments, sources)),
    ],
    reference: chosenReference && sources.has(chosenReference) ? chosenReference : bestReference(sources),
  };
}

/**
 * Series that a missing role may hide in. A source with a doubt is none while it is the only one: a single T1
 * of which nothing says whether an agent was given is a T1.
 */
function rivalsOf<S extends StudySeries>(
  role: RoleId,
  assignments: readonly Assignment<S>[],
  sources: Sources<S>,
): Rivalry<S>[] {
  const used = [...sources.values()];
  const series = assignments
    .filter(one => one.choice === undefined && mayBe(one.recognition, role))
    .filter(({ series: { images } }) => images >= MIN_SLICES)
    .filter(({ series, recognition: { role: own, lesser } }) => {
      const source = own === null ? undefined : sources.get(own);
      return !source || !isLesserCopy({ series, lesser }, source);
    })
    .map(one => one.series)
    .sort(byNumber);
  return series.some(one => !used.includes(one)) ? [{ role, missing: true, series }] : [];
}

function mayBe({ refused, alternatives = [] }: Recognition, role: RoleId): boolean {
  return !refused && alternatives.includes(role);
}

/** The user's choices; of two for one role the one with the larger SeriesNumber. */
function chosenSources<S extends StudySeries>(assignments: readonly Assignment<S>[]): Map<RoleId, S> {
  const own = assignments
    .filter(({ recognition, choice }) => choice && !recognition.refused)
    .sort((a, b) => byNumber(a.series, b.series));
  return new Map(own.map(({ series, choice }) => [choice!, series]));
}

function candidatesFor<S extends StudySeries>(
  role: RoleId,
  assignments: readonly Assignment<S>[],
): Candidate<S>[] {
  return assignments
    .filter(one => one.choice === undefined && proposedRole(one) === role)
    .map(({ series, recognition: { confidence, lesser } }) => ({ series, confidence: confidence!, lesser }));
}

/** The probable reference: other sources are chosen near its orientation. */
function referenceSeries<S extends StudySeries>(
  chosen: ReadonlyMap<RoleId, S>,
  candidates: ReadonlyMap<RoleId, readonly Candidate<S>[]>,
  extent: Domain['extent'],
  chosenReference: RoleId | undefined,
): S | null {
  const possible = [...new Set([...chosen.keys(), ...candidates.keys()])].flatMap(role => {
    const own = chosen.get(role);
    const best = bestCandidates(candidates.get(role) ?? [], extent).map(candidate => candidate.series);
    return (own ? [own] : best).map(series => [role, series] as const);
  });
  const wanted = possible.filter(([role]) => role === chosenReference);
  return nearestToAxial(wanted.length ? wanted : possible)?.[1] ?? null;
}

function row<S extends StudySeries>(
  { series, recognition, choice }: Assignment<S>,
  sources: Sources<S>,
  because: ReadonlyMap<S, Message>,
): SourceRow<S> {
  const { role: proposed, confidence, reasons, refused } = recognition;
  if (refused) return { series, role: null, confidence: null, reasons, refused };
  const role = [...sources].find(([, s]) => s === series)?.[0] ?? null;
  if (choice !== undefined) return { series, role, confidence: null, reasons: [message('choice/by-person')] };
  if (!proposed || role) return { series, role, confidence, reasons };
  const used = sources.get(proposed)!;
  const why = because.get(series) ?? message('choice/person-chose-other');
  const instead = message('choice/not-chosen', {
    used: used.description,
    role: roleLabel(proposed),
    reason: why,
  });
  return { series, role, confidence, reasons: [...reasons, instead] };
}

function bestReference(sources: Sources): RoleId | null {
  return nearestToAxial([...sources])?.[0] ?? null;
}

/** Nearest to axial (all within about 20 degrees count as axial), then finest pixels. */
function nearestToAxial<S extends StudySeries>(
  series: readonly (readonly [RoleId, S])[],
): readonly [RoleId, S] | undefined {
  const axial = (s: StudySeries) => (s.axiality > 0.94 ? 1 : s.axiality);
  return [...series].sort(
    ([, a], [, b]) => axial(b) - axial(a) || a.inPlaneSpacing - b.inPlaneSpacing || byNumber(a, b),
  )[0];
}
