import { CONTRAST_LABELS, CONTRASTS, type Contrast } from '../contrast/Contrast';
import type { Confidence } from '../contrast/recognize';
import { type Message, message, type Text } from '../messages';
import { bestCandidates, byNumber, type Candidate, choose } from './choose';
import { type Choices, type Judged, judge, proposedContrast } from './judge';
import type { StudySeries } from './StudySeries';

export type Sources<S extends StudySeries = StudySeries> = ReadonlyMap<Contrast, S>;

/** One line of the source list. */
export interface SourceRow<S extends StudySeries = StudySeries> {
  series: S;
  contrast: Contrast | null;
  /** Of what was proposed; null where nothing was, or where a person chose. */
  confidence: Confidence | null;
  reasons: Text[];
  refused?: Text;
}

/** What a job would do with the study as it is. */
export interface Plan<S extends StudySeries = StudySeries> {
  study: string;
  rows: SourceRow<S>[];
  sources: Sources<S>;
  /** Contrasts no acquired series of the study is used for. */
  missing: Contrast[];
  /** The source whose grid the result gets. */
  reference: Contrast | null;
}

/**
 * Proposes sources, missing targets and the reference for one study. A person's choice beats a proposal; a refusal
 * beats both. Of several series of one contrast the best is used: complete, covering the brain, fine, and near the
 * reference's slices, in this order. The order in which series are given changes nothing but the order of the rows.
 * @param series of that study alone
 */
export function makePlan<S extends StudySeries>(
  study: string,
  series: readonly S[],
  choices: Choices,
  chosenReference?: Contrast,
): Plan<S> {
  const judged = judge(series, choices);
  const chosen = chosenSources(judged);
  const candidates = new Map(
    CONTRASTS.filter(c => !chosen.has(c)).map(c => [c, candidatesFor(c, judged)] as const),
  );
  const reference = referenceSeries(chosen, candidates, chosenReference);
  const sources = new Map<Contrast, S>();
  const because = new Map<S, Message>();
  for (const contrast of CONTRASTS) {
    const own = chosen.get(contrast);
    const proposed = candidates.get(contrast) ?? [];
    if (own) sources.set(contrast, own);
    else if (proposed.length) {
      const choice = choose(proposed, reference);
      sources.set(contrast, choice.best);
      for (const [loser, why] of choice.because) because.set(loser, why);
    }
  }
  return {
    study,
    rows: judged.map(one => row(one, sources, because)),
    sources,
    missing: CONTRASTS.filter(c => !sources.has(c)),
    reference: chosenReference && sources.has(chosenReference) ? chosenReference : bestReference(sources),
  };
}

/** A person's own; of two for one contrast the later by SeriesNumber. */
function chosenSources<S extends StudySeries>(judged: readonly Judged<S>[]): Map<Contrast, S> {
  const own = judged
    .filter(({ recognition, choice }) => choice && !recognition.refused)
    .sort((a, b) => byNumber(a.series, b.series));
  return new Map(own.map(({ series, choice }) => [choice!, series]));
}

function candidatesFor<S extends StudySeries>(
  contrast: Contrast,
  judged: readonly Judged<S>[],
): Candidate<S>[] {
  return judged
    .filter(one => one.choice === undefined && proposedContrast(one) === contrast)
    .map(({ series, recognition }) => ({ series, confidence: recognition.confidence! }));
}

/** The series whose slices the others shall be near to: what will be the reference once all are chosen. */
function referenceSeries<S extends StudySeries>(
  chosen: ReadonlyMap<Contrast, S>,
  candidates: ReadonlyMap<Contrast, readonly Candidate<S>[]>,
  chosenReference: Contrast | undefined,
): S | null {
  const possible = CONTRASTS.flatMap(contrast => {
    const own = chosen.get(contrast);
    const best = bestCandidates(candidates.get(contrast) ?? []).map(candidate => candidate.series);
    return (own ? [own] : best).map(series => [contrast, series] as const);
  });
  const wanted = possible.filter(([contrast]) => contrast === chosenReference);
  return nearestToAxial(wanted.length ? wanted : possible)?.[1] ?? null;
}

function row<S extends StudySeries>(
  { series, recognition, choice }: Judged<S>,
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
    contrast: CONTRAST_LABELS[proposed],
    reason: why,
  });
  return { series, contrast, confidence, reasons: [...reasons, instead] };
}

function bestReference(sources: Sources): Contrast | null {
  return nearestToAxial([...sources])?.[0] ?? null;
}

/** Nearest to axial (within about 20 degrees all count as axial), then the finest pixels. */
function nearestToAxial<S extends StudySeries>(
  series: readonly (readonly [Contrast, S])[],
): readonly [Contrast, S] | undefined {
  const axial = (s: StudySeries) => (s.axiality > 0.94 ? 1 : s.axiality);
  return [...series].sort(
    ([, a], [, b]) => axial(b) - axial(a) || a.inPlaneSpacing - b.inPlaneSpacing || byNumber(a, b),
  )[0];
}
