import { CONTRAST_LABELS } from '../contrast/Contrast';
import { brainVolume } from '../findBrain';
import { SMALLEST_BRAIN } from '../prepare';
import { type Sentence, say } from '../say';
import { patientGrid } from '../volume/modelGrid';
import type { Grid, Point3 } from '../volume/Volume';
import { coveredShare, cutFaces } from './brainCoverage';
import { type PreflightFacts, placed, referenceGrid } from './facts';
import { type Finding, findingOf } from './report';

/** Extents to the left, the back and the head that hold an adult brain, with little to spare, mm. */
const BRAIN: Point3 = [130, 160, 110];
/** Below this share of such an extent, half a brain is missing. */
const HALF = 0.5;
/** Shares of the brain that a source must show. */
const COVERED = { amber: 0.97, red: 0.5 };

/** Whether the series show the whole brain: by their extent, and once the brain is found, by what of it they hold. */
export function coverage(facts: PreflightFacts): Finding | null {
  const shown = placed(facts);
  const reference = referenceGrid(facts);
  if (!reference) return null;
  const found = facts.pixels?.brain;
  const brain = found && brainVolume(found) >= SMALLEST_BRAIN ? found : undefined;
  const troubles = brain
    ? [
        ...cutFaces(brain).map(face => amber(say`The brain goes on beyond the ${face} end of the series.`)),
        ...shown.flatMap(s => missing(CONTRAST_LABELS[s.contrast], coveredShare(brain, s.grid))),
      ]
    : shown.flatMap(s => tooShort(CONTRAST_LABELS[s.contrast], s.grid));
  return findingOf(
    troubles,
    brain
      ? say`Every source shows all of the brain, or nearly all.`
      : say`The series is ${extent(reference).map(Math.round).join(' x ')} mm to the left, the back and the head.`,
  );
}

/** Millimetres to the left, the back and the head. */
function extent(grid: Grid): Point3 {
  return patientGrid(grid, [1, 1, 1]).dims;
}

function tooShort(name: Sentence, grid: Grid): Finding[] {
  const mm = extent(grid);
  const share = Math.min(...mm.map((v, r) => v / BRAIN[r]));
  if (share >= 1) return [];
  const sentence = say`${name} covers ${mm.map(Math.round).join(' x ')} mm; a brain needs about ${BRAIN.join(' x ')} mm.`;
  return share < HALF
    ? [{ level: 'red', sentence, remedy: say`Choose a series that covers the head.` }]
    : [amber(sentence)];
}

function missing(name: Sentence, share: number): Finding[] {
  if (share >= COVERED.amber) return [];
  const sentence = say`${name} shows ${Math.round(100 * share)} % of the brain.`;
  return share < COVERED.red
    ? [{ level: 'red', sentence, remedy: say`Choose another series as ${name}, or none.` }]
    : [amber(sentence)];
}

function amber(sentence: Sentence): Finding {
  return {
    level: 'amber',
    sentence,
    remedy: say`What is not covered is not predicted, or predicted from less.`,
  };
}
