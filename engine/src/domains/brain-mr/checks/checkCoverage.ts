import type { Message } from '../../../messages';
import { type PreflightFacts, referenceGrid, usableSources } from '../../../preflight/facts';
import { coveredShare, cutFaces } from '../../../preflight/regionCoverage';
import { type Finding, findingOf } from '../../../preflight/report';
import { canonicalGrid } from '../../../volume/modelGrid';
import type { Grid, Point3 } from '../../../volume/Volume';
import { regionVolume } from '../../Region';
import { roleLabel } from '../../Role';
import { message } from '../en';
import { ADULT_EXTENT, COVERED, SMALLEST_BRAIN } from '../limits';

/** A smaller share of such an extent shows half a brain at most. */
const HALF = 0.5;

/** Whether the series show the whole brain: by their extent, or by the brain mask once it is known. */
export function checkCoverage(facts: PreflightFacts): Finding | null {
  const shown = usableSources(facts);
  const reference = referenceGrid(facts);
  if (!reference) return null;
  const found = facts.pixels?.region;
  const brain = found && regionVolume(found) >= SMALLEST_BRAIN ? found : undefined;
  const troubles = brain
    ? [
        ...cutFaces(brain).map(face => amber(message('brain-mr/coverage-brain-cut', { face }))),
        ...shown.flatMap(s => missing(roleLabel(s.role), coveredShare(brain, s.grid))),
      ]
    : shown.flatMap(s => tooShort(roleLabel(s.role), s.grid));
  return findingOf(
    troubles,
    brain
      ? message('brain-mr/coverage-whole')
      : message('brain-mr/coverage-extent', { extent: extent(reference).map(Math.round).join(' x ') }),
  );
}

/** Extents along L, P and H, mm. */
function extent(grid: Grid): Point3 {
  return canonicalGrid(grid, [1, 1, 1]).dims;
}

function tooShort(name: Message, grid: Grid): Finding[] {
  const mm = extent(grid);
  const share = Math.min(...mm.map((v, r) => v / ADULT_EXTENT[r]));
  if (share >= 1) return [];
  const text = message('brain-mr/coverage-short', {
    source: name,
    extent: mm.map(Math.round).join(' x '),
    brain: ADULT_EXTENT.join(' x '),
  });
  return share < HALF
    ? [{ level: 'red', text, remedy: message('brain-mr/coverage-short-remedy') }]
    : [amber(text)];
}

function missing(name: Message, share: number): Finding[] {
  if (share >= COVERED.amber) return [];
  const text = message('brain-mr/coverage-partial', { source: name, percent: Math.round(100 * share) });
  return share < COVERED.red
    ? [{ level: 'red', text, remedy: message('preflight/choose-another', { source: name }) }]
    : [amber(text)];
}

function amber(text: Message): Finding {
  return { level: 'amber', text, remedy: message('brain-mr/coverage-partial-remedy') };
}
