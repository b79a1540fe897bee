import { getEnabledElements } from '@cornerstonejs/core';
import { isCheck, isSynthetic, seriesAttributes } from '@modality-synthesis/engine';
import { acquiredSources } from '../series/acquiredSources';
import type { DisplaySet } from '../types';

/** Sources that a comparison shows at most. */
export const MOST_SOURCES = 3;

/** What a viewport of the comparison shows; the last is the result too, with its expected error. */
export const CELLS = [
  ...Array.from({ length: MOST_SOURCES }, (_, n) => `source-${n + 1}` as const),
  'result',
  'uncertainty',
] as const;
export type Cell = (typeof CELLS)[number];

/** Which display set each cell shows; those without one are left out. */
export type Cells = Partial<Record<Cell, DisplaySet>> & { result: DisplaySet };

/** Id of a cell's viewport. */
export function viewportIdOf(cell: Cell): string {
  return `modality-synthesis-compare-${cell}`;
}

/** Whether a viewport shows the result beside another that shows it with its expected error. */
export function isBesideUncertainty(viewportId: string): boolean {
  return (
    viewportId === viewportIdOf('result') &&
    getEnabledElements().some(({ viewport }) => viewport.id === viewportIdOf('uncertainty'))
  );
}

/**
 * The cells of a comparison.
 * @param displaySets of one study
 * @param SeriesInstanceUID of the synthetic series, or else the newest one
 * @param hasErrorMap whether the expected error of a series is known
 * @returns undefined where no synthetic series is there together with a source
 */
export function cellsOf(
  displaySets: readonly DisplaySet[],
  SeriesInstanceUID: string | undefined,
  hasErrorMap: (SeriesInstanceUID: string) => boolean,
): Cells | undefined {
  const results = displaySets.filter(
    one => isResult(one) && (SeriesInstanceUID ?? one.SeriesInstanceUID) === one.SeriesInstanceUID,
  );
  const all = results.flatMap(result => {
    const sources = acquiredSources(result.instances?.[0] ?? {})
      .sources.flatMap(uid => displaySets.find(one => one.SeriesInstanceUID === uid) ?? [])
      .slice(0, MOST_SOURCES);
    return sources.length > 0 ? [{ result, sources }] : [];
  });
  const newest = all.at(-1);
  if (!newest) return undefined;
  const { result, sources } = newest;
  return {
    ...Object.fromEntries(sources.map((source, n) => [`source-${n + 1}`, source])),
    result,
    ...(hasErrorMap(result.SeriesInstanceUID) && { uncertainty: result }),
  };
}

/** A synthetic series with a place in the patient: no report, no part of a check. */
function isResult({ instances }: DisplaySet): boolean {
  const [first] = instances ?? [];
  return first?.ImagePositionPatient !== undefined && !isCheck(first) && isSynthetic(seriesAttributes(first));
}
