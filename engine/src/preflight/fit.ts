import { CONTRAST_LABELS, type Contrast } from '../contrast/Contrast';
import { isSentence, joined, type Sentence, say } from '../say';
import { modelGrid } from '../volume/modelGrid';
import { coveredShare } from './brainCoverage';
import type { PreflightFacts } from './facts';
import { type Finding, findingOf } from './report';

/** Shares of the brain that must lie in the model's field of view. */
const IN_VIEW = { amber: 0.995, red: 0.9 };

/** Whether the model knows the contrasts and sees the whole brain. */
export function fit({ model, sources, targets, pixels }: PreflightFacts): Finding | null {
  if (!model) return null;
  if (isSentence(model)) return { level: 'red', sentence: model };
  const { contrasts, grid, name } = model.manifest;
  const given = sources.map(s => s.contrast);
  const unknown = [...given, ...targets].filter(contrast => !contrasts.includes(contrast));
  const troubles: Finding[] = unknown.map(contrast => ({
    level: 'red',
    sentence: say`The model ${name} does not know ${CONTRAST_LABELS[contrast]}.`,
    remedy: say`Leave it out, or choose another model in the configuration.`,
  }));
  if (given.length === 1 && contrasts.length > 2) {
    troubles.push({
      level: 'amber',
      sentence: say`There is one source, ${words(given)}; the model can use ${contrasts.length - 1}.`,
      remedy: say`Add sources if the study has them.`,
    });
  }
  if (pixels?.brain?.mask.includes(1)) {
    const [rows, columns] = grid.size;
    const view = modelGrid(pixels.brain.grid, pixels.brain.mask, grid.spacing, [columns, rows]);
    const share = coveredShare(pixels.brain, view);
    if (share < IN_VIEW.amber) {
      troubles.push({
        level: share < IN_VIEW.red ? 'red' : 'amber',
        sentence: say`${Math.round(1000 * (1 - share)) / 10} % of the brain lies outside the model's ${columns * grid.spacing[0]} x ${rows * grid.spacing[1]} mm.`,
        remedy: say`It will be black in the result; take another reference if one lies straighter.`,
      });
    }
  }
  return findingOf(troubles, say`${words(targets)} from ${words(given)}: ${name} knows them.`);
}

function words(contrasts: readonly Contrast[]): Sentence {
  return joined(
    contrasts.map(contrast => CONTRAST_LABELS[contrast]),
    ', ',
  );
}
