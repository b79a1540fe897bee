import { CONTRAST_LABELS } from '../contrast/Contrast';
import { isMessage, type Message, message } from '../messages';
import { type Grid, spacingOf } from '../volume/Volume';
import { type PreflightFacts, placed, referenceGrid } from './facts';
import { type Finding, findingOf } from './report';

/** Distances of slices, mm: routine brain series have up to 6 mm; beyond twice that most of the head lies between them. */
const SLICES = { amber: 6.5, red: 12 };
/** Pixels, as multiples of the model's. */
const PIXELS = { amber: 2, red: 4 };

/** Whether voxels are fine enough for the model. */
export function resolution(facts: PreflightFacts): Finding | null {
  const { model } = facts;
  const reference = referenceGrid(facts);
  if (!reference || !model || isMessage(model)) return null;
  const pixel = Math.max(...model.manifest.grid.spacing);
  const troubles = placed(facts).flatMap(({ contrast, grid }): Finding[] => {
    const { inPlane, between } = sizes(grid);
    const level = ([...['red', 'amber']] as ('red' | 'amber')[]).find(
      l => between > SLICES[l] || inPlane > PIXELS[l] * pixel,
    );
    const text = message('preflight/resolution-coarse', {
      source: CONTRAST_LABELS[contrast],
      voxels: words(grid),
    });
    return level
      ? [
          {
            level,
            text,
            remedy: message('preflight/resolution-coarse-remedy'),
          },
        ]
      : [];
  });
  return findingOf(troubles, message('preflight/resolution-result', { voxels: words(reference) }));
}

/** The two finer spacings are the plane's: a series may have been reformatted. */
function sizes(grid: Grid): { inPlane: number; between: number } {
  const [i, j, k] = spacingOf(grid);
  return { inPlane: Math.max(i, j), between: k };
}

function words(grid: Grid): Message {
  const { inPlane, between } = sizes(grid);
  return message('preflight/voxels', { inPlane: round(inPlane), between: round(between) });
}

function round(mm: number): number {
  return Number(mm.toFixed(mm < 1 ? 2 : 1));
}
