/**
 * `npm run bench:fleet [-- killing memory workers study]`: workers killed at random, the memory of one over
 * many studies, two workers beside one, and what a whole study costs; the named ones, or all. Redis and
 * Orthanc on this machine. Writes the tables of docs/scale.md, and docs/benchmark-fleet.json. Linux only;
 * half an hour.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { killWorkers } from '@modality-synthesis/fleet/testing/killWorkers';
import { type LocalFleet, smallStudies, startLocalFleet } from '@modality-synthesis/fleet/testing/localFleet';
import { smallSeries } from '@modality-synthesis/fleet/testing/smallSeries';
import { replaceTable } from '../replaceTable';
import { measureMemory } from './measureMemory';
import { measureStudy, startFineFleet } from './measureStudy';
import { measureWorkers } from './measureWorkers';
import { type FleetFigures, measuredLines, paperLines } from './tables';

const ROOT = path.resolve(import.meta.dirname, '../..');
const RESULTS = path.join(ROOT, 'docs/benchmark-fleet.json');
const DOCUMENT = path.join(ROOT, 'docs/scale.md');
const STUDIES = 200;
const KILLS = 50;
/** Studies for each run of workers, and the runs, by turns. */
const ENOUGH = 70;
const RUNS = [1, 2, 1, 2];

async function withFleets<T>(
  starts: readonly (() => Promise<LocalFleet>)[],
  use: (fleets: LocalFleet[]) => Promise<T>,
): Promise<T> {
  const fleets: LocalFleet[] = [];
  try {
    for (const start of starts) fleets.push(await start());
    return await use(fleets);
  } finally {
    for (const fleet of fleets) await fleet.close();
  }
}

const small = (count: number) => () => startLocalFleet(smallStudies(count));

const MEASUREMENTS: { [K in keyof FleetFigures]-?: () => Promise<FleetFigures[K]> } = {
  killing: () =>
    withFleets([small(STUDIES)], async ([fleet]) => {
      const [queue, images] = ['killing', smallSeries.dims[2]];
      await fleet.submit(queue);
      return (await killWorkers(fleet, { queue, images, kills: KILLS, takeOver: 5 })).figures;
    }),
  memory: () =>
    withFleets([small(STUDIES)], ([fleet]) =>
      measureMemory(fleet, ({ worker, engine }) =>
        console.log(JSON.stringify({ worker: worker.slice(-10), engine: engine.slice(-10) })),
      ),
    ),
  workers: () =>
    withFleets(
      RUNS.map(() => small(ENOUGH)),
      async fleets => {
        console.log('ready');
        const figures: FleetFigures['workers'] = [];
        for (const [n, workers] of RUNS.entries()) figures.push(await measureWorkers(fleets[n], workers));
        return figures;
      },
    ),
  study: () => withFleets([startFineFleet], ([fleet]) => measureStudy(fleet)),
};

const figures: FleetFigures = existsSync(RESULTS) ? JSON.parse(readFileSync(RESULTS, 'utf8')) : {};
const names = Object.keys(MEASUREMENTS) as (keyof FleetFigures)[];
const given = process.argv.slice(2);
for (const name of names.filter(name => given.length === 0 || given.includes(name))) {
  Object.assign(figures, { [name]: await MEASUREMENTS[name]() });
  console.log(name, JSON.stringify(figures[name]));
  writeFileSync(RESULTS, `${JSON.stringify(figures, null, 2)}\n`);
}
replaceTable(DOCUMENT, 'measured', measuredLines(figures, availableParallelism()));
replaceTable(DOCUMENT, 'paper', paperLines(figures));
