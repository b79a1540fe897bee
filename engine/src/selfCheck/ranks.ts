import type { BundleCheck, Foresight } from '../bundle/checkFields';
import type { RoleId } from '../domains/Role';
import type { Similarity } from './compareImages';

/** Place among the patients that the bundle was measured on. */
export interface Rank {
  /** Patients whose figure is better. */
  worseThan: number;
  /** All of them. */
  of: number;
}

export type FigureName = keyof Similarity;
/** By name: the decimals in which a figure is told, and whether more of it is better. */
export const FIGURES = {
  psnr: { digits: 2, moreIsBetter: true },
  ssim: { digits: 3, moreIsBetter: true },
  mae: { digits: 4, moreIsBetter: false },
} as const satisfies Record<FigureName, { digits: number; moreIsBetter: boolean }>;
export const FIGURE_NAMES = ['psnr', 'ssim', 'mae'] as const satisfies readonly FigureName[];

/** Correlation below which the check tells nothing of the error of what is missing. */
const LEAST_FORESIGHT = 0.3;

/**
 * Ranks of a role made from these sources; undefined where the bundle was not measured on them.
 * @param lesion mae where the model finds one
 */
export function ranksOf(
  check: BundleCheck | undefined,
  target: RoleId,
  sources: readonly RoleId[],
  figures: Similarity,
  lesion?: number,
): (Record<FigureName, Rank> & { lesion?: Rank }) | undefined {
  const set = [...sources].sort().join();
  const known = check?.figures.find(one => one.target === target && [...one.sources].sort().join() === set);
  if (!known) return undefined;
  const rank = (name: FigureName) => rankAmong(known[name], figures[name], FIGURES[name].moreIsBetter);
  return {
    psnr: rank('psnr'),
    ssim: rank('ssim'),
    mae: rank('mae'),
    ...(lesion !== undefined && known.lesion && { lesion: rankAmong(known.lesion, lesion, false) }),
  };
}

function rankAmong(others: readonly number[], value: number, moreIsBetter: boolean): Rank {
  const better = others.filter(other => (moreIsBetter ? other > value : other < value));
  return { worseThan: better.length, of: others.length };
}

/** Whether a check was seen to go together with the error of what is missing. */
export function foresees({ spearman, interval: [low] }: Foresight): boolean {
  return spearman >= LEAST_FORESIGHT && low >= 0;
}
