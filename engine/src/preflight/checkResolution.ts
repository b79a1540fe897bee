import type { Domain } from '../domains/Domain';
import { roleLabel } from '../domains/Role';
import { isMessage, type Message, message } from '../messages';
import { type Grid, spacingOf } from '../volume/Volume';
import { type PreflightFacts, referenceGrid, usableSources } from './facts';
import { type Finding, findingOf } from './report';

/** Maximum pixel spacing, as multiples of the model's. */
const PIXELS = { amber: 2, red: 4 };

/** Whether the voxels are small enough for the model. */
export function checkResolution(facts: PreflightFacts, { sliceSpacing }: Domain): Finding | null {
  const { model } = facts;
  const reference = referenceGrid(facts);
  if (!reference || !model || isMessage(model)) return null;
  const pixel = Math.max(...model.manifest.grid.spacing);
  const troubles = usableSources(facts).flatMap(({ role, grid }): Finding[] => {
    const { inPlane, between } = sizes(grid);
    const level = (['red', 'amber'] as const).find(
      l => between > sliceSpacing[l] || inPlane > PIXELS[l] * pixel,
    );
    const text = message('preflight/resolution-coarse', {
      source: roleLabel(role),
      voxels: voxelSize(grid),
    });
    return level ? [{ level, text, remedy: message('preflight/resolution-coarse-remedy') }] : [];
  });
  return findingOf(troubles, message('preflight/resolution-result', { voxels: voxelSize(reference) }));
}

/** Spacings within and between the slices, mm. */
function sizes(grid: Grid): { inPlane: number; between: number } {
  const [i, j, k] = spacingOf(grid);
  return { inPlane: Math.max(i, j), between: k };
}

function voxelSize(grid: Grid): Message {
  const { inPlane, between } = sizes(grid);
  return message('preflight/voxels', { inPlane: round(inPlane), between: round(between) });
}

function round(mm: number): number {
  return Number(mm.toFixed(mm < 1 ? 2 : 1));
}
