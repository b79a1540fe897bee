import { CONTRAST_LABELS, CONTRASTS, type Contrast } from '../contrast/Contrast';
import { type Recognition, recognize } from '../contrast/recognize';
import type { StudySeries } from './StudySeries';

export type Sources<S extends StudySeries = StudySeries> = ReadonlyMap<Contrast, S>;

/** One line of the source list. */
export interface SourceRow<S extends StudySeries = StudySeries> {
  series: S;
  contrast: Contrast | null;
  reasons: string[];
  refused?: string;
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

/** What the person changed, by SeriesInstanceUID; null means "do not use". */
export type Choices = ReadonlyMap<string, Contrast | null>;

/**
 * Proposes sources, missing targets and the reference for one study. A person's choice beats a proposal; a refusal
 * beats both. Of several series proposed for one contrast the first by SeriesNumber is used.
 * @param series of that study alone
 */
export function makePlan<S extends StudySeries>(
  study: string,
  series: readonly S[],
  choices: Choices,
  chosenReference?: Contrast,
): Plan<S> {
  const recognized = series.map(s => [s, recognize(s.attributes)] as const);
  const sources = new Map<Contrast, S>();
  for (const [s, { refused }] of recognized) {
    const choice = choices.get(s.SeriesInstanceUID);
    if (choice && !refused) sources.set(choice, s);
  }
  for (const [s, { contrast, refused }] of recognized) {
    if (contrast && !refused && !choices.has(s.SeriesInstanceUID) && !sources.has(contrast))
      sources.set(contrast, s);
  }
  const ordered: Sources<S> = new Map(
    CONTRASTS.filter(c => sources.has(c)).map(c => [c, sources.get(c)!] as const),
  );
  return {
    study,
    rows: recognized.map(([s, recognition]) => row(s, recognition, ordered, choices)),
    sources: ordered,
    missing: CONTRASTS.filter(c => !sources.has(c)),
    reference: chosenReference && ordered.has(chosenReference) ? chosenReference : bestReference(ordered),
  };
}

function row<S extends StudySeries>(
  series: S,
  recognition: Recognition,
  sources: Sources<S>,
  choices: Choices,
): SourceRow<S> {
  const { contrast: proposed, reasons, refused } = recognition;
  const contrast = [...sources].find(([, s]) => s === series)?.[0] ?? null;
  if (refused) return { series, contrast: null, reasons, refused };
  if (choices.has(series.SeriesInstanceUID)) return { series, contrast, reasons: ['Chosen by you.'] };
  if (proposed && !contrast) {
    return {
      series,
      contrast,
      reasons: [...reasons, `Another series is used as ${CONTRAST_LABELS[proposed]}.`],
    };
  }
  return { series, contrast, reasons };
}

/** Nearest to axial (within about 20 degrees all count as axial), then the finest pixels. */
function bestReference(sources: Sources): Contrast | null {
  const axial = (s: StudySeries) => (s.axiality > 0.94 ? 1 : s.axiality);
  const [best] = [...sources].sort(
    ([, a], [, b]) =>
      axial(b) - axial(a) || a.inPlaneSpacing - b.inPlaneSpacing || a.SeriesNumber - b.SeriesNumber,
  );
  return best?.[0] ?? null;
}
