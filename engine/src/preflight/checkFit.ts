import { type Contrast, roleLabel } from '../domains/Role';
import { isMessage, list, type Message, message } from '../messages';
import { modelGrid } from '../volume/modelGrid';
import type { PreflightFacts } from './facts';
import { coveredShare } from './regionCoverage';
import { type Finding, findingOf } from './report';

/** Minimum shares of the brain in the model's field of view. */
const IN_VIEW = { amber: 0.995, red: 0.9 };

/** Whether the model knows the contrasts and sees the whole brain. */
export function checkFit({ model, sources, targets, pixels }: PreflightFacts): Finding | null {
  if (!model) return null;
  if (isMessage(model)) return { level: 'red', text: model };
  const { contrasts, grid, name } = model.manifest;
  const given = sources.map(s => s.contrast);
  const unknown = [...given, ...targets].filter(contrast => !contrasts.includes(contrast));
  const troubles: Finding[] = unknown.map(contrast => ({
    level: 'red',
    text: message('preflight/fit-unknown-contrast', { bundle: name, contrast: roleLabel(contrast) }),
    remedy: message('preflight/fit-unknown-contrast-remedy'),
  }));
  if (given.length === 1 && contrasts.length > 2) {
    troubles.push({
      level: 'amber',
      text: message('preflight/fit-one-source', { source: contrastList(given), most: contrasts.length - 1 }),
      remedy: message('preflight/fit-one-source-remedy'),
    });
  }
  if (pixels?.brain?.mask.includes(1)) {
    const [rows, columns] = grid.size;
    const view = modelGrid(pixels.brain.grid, pixels.brain.mask, grid.spacing, [columns, rows]);
    const share = coveredShare(pixels.brain, view);
    if (share < IN_VIEW.amber) {
      troubles.push({
        level: share < IN_VIEW.red ? 'red' : 'amber',
        text: message('preflight/fit-outside', {
          percent: Math.round(1000 * (1 - share)) / 10,
          width: columns * grid.spacing[0],
          height: rows * grid.spacing[1],
        }),
        remedy: message('preflight/fit-outside-remedy'),
      });
    }
  }
  return findingOf(
    troubles,
    message('preflight/fit-good', {
      targets: contrastList(targets),
      sources: contrastList(given),
      bundle: name,
    }),
  );
}

function contrastList(contrasts: readonly Contrast[]): Message {
  return list(
    contrasts.map(contrast => roleLabel(contrast)),
    ', ',
  );
}
