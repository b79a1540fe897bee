import { domainOf } from '../domains';
import type { RoleId } from '../domains/Role';
import { completeOptions, type Models } from '../models';
import type { Executor } from '../pipeline/Executor';
import { measureSources } from '../pipeline/measureSources';
import { factsOfFailure, type PixelFacts } from '../preflight/facts';
import type { PreflightReport } from '../preflight/report';
import { runPreflight } from '../preflight/runPreflight';
import { makePlan } from '../series/plan';
import type { Volume } from '../volume/Volume';
import { series } from './series';

/** A preflight with what the pixels said for it. */
export interface Inspection {
  report: PreflightReport;
  pixels: PixelFacts;
}

/**
 * The preflight of a job whose sources are these volumes, each taken for what it is said to be, after its
 * pixels were measured. The first volume is the reference.
 */
export async function preflightOf(
  volumes: ReadonlyMap<RoleId, Volume>,
  target: RoleId,
  models: Models,
  executor: Executor,
): Promise<Inspection> {
  const { manifest } = models.synthesis;
  const domain = domainOf(manifest.domain);
  const [reference] = volumes.keys();
  const sources = new Map([...volumes.keys()].map(role => [role, series(role)] as const));
  const byId = new Map([...sources].map(([role, { SeriesInstanceUID }]) => [SeriesInstanceUID, role]));
  const study = {
    images: () => [],
    // The executor keeps what it is given.
    readVolume: async ({ SeriesInstanceUID }: { SeriesInstanceUID: string }) => {
      const volume = volumes.get(byId.get(SeriesInstanceUID) ?? '');
      if (!volume) throw new RangeError(`There is no series ${SeriesInstanceUID}.`);
      return { ...volume, data: volume.data.slice() };
    },
  };
  const plan = { ...makePlan('S', [], new Map()), sources, reference };
  const placement = { backend: 'cpu', precision: 'fp32' } as const;
  const pixels = await measureSources({ plan, models, placement }, { study, executor }, {}).then(
    measured => {
      measured.open.close();
      return measured.pixels;
    },
    (thrown): PixelFacts => {
      const failed = factsOfFailure(thrown);
      if (!failed) throw thrown;
      return failed;
    },
  );
  const facts = {
    sources: [...volumes].map(([role, grid]) => ({ role, description: role, grid })),
    patients: [],
    rivals: [],
    reference,
    targets: [target],
    model: { ...models.synthesis, options: completeOptions(models.synthesis) },
    pixels,
  };
  return { report: runPreflight(facts, domain), pixels };
}
