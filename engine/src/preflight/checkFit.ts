import type { Domain } from '../domains/Domain';
import { type RoleId, roleLabel } from '../domains/Role';
import { isMessage, list, type Message, message } from '../messages';
import { modelGrid } from '../volume/modelGrid';
import type { PreflightFacts } from './facts';
import { coveredShare } from './regionCoverage';
import { type Finding, findingOf } from './report';
import { unusualInputs } from './unusualInputs';

/** Minimum shares of the region in the model's field of view. */
const IN_VIEW = { amber: 0.995, red: 0.9 };

/** Whether the model knows the roles and such images, and sees the whole region. */
export function checkFit(
  { model, sources, targets, pixels }: PreflightFacts,
  { words }: Domain,
): Finding | null {
  if (!model) return null;
  if (isMessage(model)) return { level: 'red', text: model };
  const { roles, grid, name } = model.manifest;
  const given = sources.map(s => s.role);
  const unknown = [...given, ...targets].filter(role => !roles.includes(role));
  const troubles: Finding[] = unknown.map(role => ({
    level: 'red',
    text: message('preflight/fit-unknown-role', { bundle: name, role: roleLabel(role) }),
    remedy: message('preflight/fit-unknown-role-remedy'),
  }));
  const lacking = model.method.needs?.(model.manifest).filter(role => !given.includes(role)) ?? [];
  if (lacking.length > 0) {
    troubles.push({
      level: 'red',
      text: message('preflight/fit-lacking', { bundle: name, roles: roleList(lacking) }),
      remedy: message('preflight/fit-lacking-remedy'),
    });
  } else if (given.length === 1 && roles.length > 2) {
    troubles.push({
      level: 'amber',
      text: message('preflight/fit-one-source', { source: roleList(given), most: roles.length - 1 }),
      remedy: message('preflight/fit-one-source-remedy'),
    });
  }
  if (pixels?.region?.mask.includes(1)) {
    const [rows, columns] = grid.size;
    const view = modelGrid(pixels.region.grid, pixels.region.mask, grid.spacing, [columns, rows]);
    const share = coveredShare(pixels.region, view);
    if (share < IN_VIEW.amber) {
      troubles.push({
        level: share < IN_VIEW.red ? 'red' : 'amber',
        text: words.outside({
          percent: Math.round(1000 * (1 - share)) / 10,
          width: columns * grid.spacing[0],
          height: rows * grid.spacing[1],
        }),
        remedy: message('preflight/fit-outside-remedy'),
      });
    }
  }
  if (pixels?.features) {
    troubles.push(...unusualInputs(pixels.features, model.manifest.input_distribution, words));
  }
  return findingOf(
    troubles,
    message('preflight/fit-good', {
      targets: roleList(targets),
      sources: roleList(given),
      bundle: name,
    }),
  );
}

function roleList(roles: readonly RoleId[]): Message {
  return list(
    roles.map(role => roleLabel(role)),
    ', ',
  );
}
