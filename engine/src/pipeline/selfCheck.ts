import type { CheckedSource } from '../dicom/record';
import type { RoleId } from '../domains/Role';
import { type Message, message } from '../messages';
import { completeTargets } from '../models';
import { FIGURES, type FigureName, ranksOf } from '../selfCheck/ranks';
import type { StudySeries } from '../series/StudySeries';
import type { RunOptions } from './Executor';
import type { Job } from './Job';
import type { MeasuredSources } from './measureSources';
import type { RemadeSource } from './remakeSources';

/** Outcome of a self-check, one entry a source. */
export interface SelfCheck {
  /** Figures and ranks, as the record has them. */
  record: readonly CheckedSource[];
  remade: readonly RemadeSource[];
}

/** Why a job has nothing to check, null where it has: each source is made again from the others. */
export function checkObstacle({ plan }: Pick<Job, 'plan'>): Message | null {
  if (plan.sources.size < 2) return message('self-check/one-source');
  const { makes } = plan.domain;
  return [...plan.sources.keys()].every(role => makes.includes(role)) ? null : message('self-check/one-way');
}

/**
 * On request after or during a job: each source is made again from the others and compared with what was
 * acquired; its figures get a rank among the patients that the bundle was measured on.
 * @throws SynthesisError as `JobSteps.remakeSources`
 */
export async function selfCheck<S extends StudySeries>(
  {
    plan,
    models,
    options,
    seed,
    placement,
  }: Pick<Job<S>, 'plan' | 'models' | 'options' | 'seed' | 'placement'>,
  { open }: Pick<MeasuredSources, 'open'>,
  run: RunOptions,
): Promise<SelfCheck> {
  const { method: _, ...bundle } = models.synthesis;
  const roles = [...plan.sources.keys()];
  const targets = completeTargets(
    models.synthesis,
    roles.map(id => ({ id })),
  );
  const { remade } = await open.remakeSources({ bundle, targets, options, seed, ...placement }, run);
  return { record: remade.map(source => recordOf(source, models.synthesis.manifest.check)), remade };
}

function recordOf(
  { role, sources, figures, lesion }: RemadeSource,
  check: Parameters<typeof ranksOf>[0],
): CheckedSource {
  const ranks = ranksOf(check, role, sources, figures, lesion?.mae);
  const figure = (name: FigureName) => ({
    value: Number(figures[name].toFixed(FIGURES[name].digits)),
    rank: ranks?.[name],
  });
  const all: RoleId[] = [...sources];
  return {
    ...{ role, sources: all, psnr: figure('psnr'), ssim: figure('ssim'), mae: figure('mae') },
    ...(lesion && {
      lesion: {
        mae: Number(lesion.mae.toFixed(FIGURES.mae.digits)),
        millilitres: Number(lesion.millilitres.toFixed(2)),
        rank: ranks?.lesion,
      },
    }),
  };
}
