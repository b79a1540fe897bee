import { type Message, message } from '../../../messages';
import { coveredShare, cutFaces } from '../../../preflight/brainCoverage';
import { type PreflightFacts, referenceGrid, usableSources } from '../../../preflight/facts';
import { type Finding, findingOf } from '../../../preflight/report';
import { SMALLEST_BRAIN } from '../../../prepare';
import { canonicalGrid } from '../../../volume/modelGrid';
import type { Grid, Point3 } from '../../../volume/Volume';
import { CONTRAST_LABELS } from '../../Role';
import { brainVolume } from '../region/findBrain';

/** Minimum extents along L, P and H that hold an adult brain, mm. */
const BRAIN_EXTENT: Point3 = [130, 160, 110];
/** A smaller share of such an extent shows half a brain at most. */
const HALF = 0.5;
/** Minimum shares of the brain in a source. */
const COVERED = { amber: 0.97, red: 0.5 };

/** Whether the series show the whole brain: by their extent, or by the brain mask once it is known. */
export function checkCoverage(facts: PreflightFacts): Finding | null {
  const shown = usableSources(facts);
  const reference = referenceGrid(facts);
  if (!reference) return null;
  const found = facts.pixels?.brain;
  const brain = found && brainVolume(found) >= SMALLEST_BRAIN ? found : undefined;
  const troubles = brain
    ? [
        ...cutFaces(brain).map(face => amber(message('preflight/coverage-brain-cut', { face }))),
        ...shown.flatMap(s => missing(CONTRAST_LABELS[s.contrast], coveredShare(brain, s.grid))),
      ]
    : shown.flatMap(s => tooShort(CONTRAST_LABELS[s.contrast], s.grid));
  return findingOf(
    troubles,
    brain
      ? message('preflight/coverage-whole')
      : message('preflight/coverage-extent', { extent: extent(reference).map(Math.round).join(' x ') }),
  );
}

/** Extents along L, P and H, mm. */
function extent(grid: Grid): Point3 {
  return canonicalGrid(grid, [1, 1, 1]).dims;
}

function tooShort(name: Message, grid: Grid): Finding[] {
  const mm = extent(grid);
  const share = Math.min(...mm.map((v, r) => v / BRAIN_EXTENT[r]));
  if (share >= 1) return [];
  const text = message('preflight/coverage-short', {
    source: name,
    extent: mm.map(Math.round).join(' x '),
    brain: BRAIN_EXTENT.join(' x '),
  });
  return share < HALF
    ? [{ level: 'red', text, remedy: message('preflight/coverage-short-remedy') }]
    : [amber(text)];
}

function missing(name: Message, share: number): Finding[] {
  if (share >= COVERED.amber) return [];
  const text = message('preflight/coverage-partial', { source: name, percent: Math.round(100 * share) });
  return share < COVERED.red
    ? [{ level: 'red', text, remedy: message('preflight/choose-another', { source: name }) }]
    : [amber(text)];
}

function amber(text: Message): Finding {
  return { level: 'amber', text, remedy: message('preflight/coverage-partial-remedy') };
}
