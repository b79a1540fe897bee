import * as z from 'zod/mini';
import { type RoleId, roleLabel } from '../../../domains/Role';
import { checkpoint, SynthesisError } from '../../../errors';
import { list } from '../../../messages';
import type { Method, MethodJob, Prediction, Stack } from '../../../methods/Method';
import { type LeastSquaresManifest, leastSquaresManifest } from './manifest';

const RANK = { label: 'rank of the source by its error', min: 1, max: 4, whole: true };

const options = z.strictObject({ rank: z.int().check(z.gte(RANK.min), z.lte(RANK.max)) });
type Options = z.infer<typeof options>;

/** A copy of the source from which the target follows best, or second best ..., scaled to the target. */
export const leastSquares: Method<LeastSquaresManifest, Options> = {
  id: 'least-squares',
  bundle: 'tiny-least-squares',
  manifest: leastSquaresManifest,
  options,
  settings: { rank: RANK },
  stages: [
    {
      id: 'copy',
      weight: 1,
      text: ({ done, of, target }) => list(['Copying for', roleLabel(target!), done, '/', of]),
    },
  ],
  defaults: () => ({ rank: 1 }),
  parameters: () => ({ gain: { label: 'Gain', unit: 'x', min: 0.5, max: 2, default: 1 } }),
  networks: () => [],
  flops: () => 0,
  details: ({ rank }) => [['Rank of the source', String(rank)]],
  run,
};

async function run(job: MethodJob<LeastSquaresManifest, Options>) {
  const made = new Map<RoleId, Prediction>();
  for (const [n, { id, parameters }] of job.targets.entries()) {
    await checkpoint(job.signal);
    const { slope, offset, error, volume } = source(job.manifest, id, job.sources, job.options.rank);
    const gain = parameters?.gain ?? 1;
    const { ceiling } = job.manifest.normalization;
    const inBrain = (value: (v: number) => number) =>
      volume.data.map((v, i) => (job.region[i] ? Math.min(ceiling, Math.max(0, value(v))) : 0));
    made.set(id, {
      mean: { ...volume, data: inBrain(v => gain * (slope * v + offset)) },
      uncertainty: () => ({ spread: { ...volume, data: inBrain(() => error) } }),
    });
    job.onStep?.({ stage: 'copy', done: n + 1, of: job.targets.length, target: id });
  }
  return made;
}

/** The fit of the source of a rank, and its volume. */
function source({ fits }: LeastSquaresManifest, target: RoleId, sources: Stack, rank: number) {
  const ranked = [...sources]
    .flatMap(([role, volume]) => {
      const fit = fits[target]?.[role];
      return fit ? [{ ...fit, volume }] : [];
    })
    .sort((a, b) => a.error - b.error);
  if (ranked.length < rank) {
    throw new SynthesisError('plan-invalid', list([roleLabel(target), 'follows from too few sources.']));
  }
  return ranked[rank - 1];
}
