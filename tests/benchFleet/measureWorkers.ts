import { setTimeout as sleep } from 'node:timers/promises';
import type { LocalFleet } from '@modality-synthesis/fleet/testing/localFleet';
import { familyOf, nameOf, othersDuring, processorSeconds } from './processes';

/** How long studies are counted, once every worker is warm, ms. */
const WINDOW = 45_000;
const QUEUE = 'workers';

/** One worker, or two, each on a core of its own; all seconds are of processor time for a study. */
export interface RateFigures {
  workers: number;
  studiesAnHour: number;
  /** The queue's and the archive's side of a worker, and its engine. */
  worker: number;
  engine: number;
  orthanc: number;
  redis: number;
  /** Cores that other processes of the machine kept busy. */
  others: number;
}

/** @param fleet with more studies than are done meanwhile */
export async function measureWorkers(fleet: LocalFleet, workers: number): Promise<RateFigures> {
  await fleet.submit(QUEUE);
  const started = Array.from({ length: workers }, (_, core) =>
    fleet.startWorker(QUEUE, 60, ['taskset', '-c', `${core}`]),
  );
  // The first study of each starts an engine.
  const warm = 2 * workers;
  while ((await finishTimes(fleet)).length < warm) await sleep(200);
  const before = processorTimes(started.map(({ pid }) => pid!));
  const { others } = await othersDuring(() => sleep(WINDOW));
  const after = processorTimes(started.map(({ pid }) => pid!));
  for (const worker of started) worker.kill('SIGKILL');
  const times = (await finishTimes(fleet)).slice(warm - 1);
  if (times.length + warm > fleet.studies.length) throw new Error('The fleet has too few studies.');
  const studies = times.length - 1;
  const a = (part: keyof typeof after) => (after[part] - before[part]) / studies;
  return {
    workers,
    studiesAnHour: (3_600_000 * studies) / (times[studies] - times[0]),
    ...{ worker: a('worker'), engine: a('engine'), orthanc: a('orthanc'), redis: a('redis') },
    others,
  };
}

/** When studies were finished, in their order, ms. */
async function finishTimes(fleet: LocalFleet): Promise<number[]> {
  const rows = await fleet.rows(QUEUE);
  return rows.flatMap(({ finished }) => (finished ? Date.parse(finished) : [])).sort((a, b) => a - b);
}

/** s. Of all archives and queues that this process started: but one is asked at a time. */
function processorTimes(workers: readonly number[]) {
  const all = familyOf(process.pid);
  const sum = (pids: readonly number[]) => pids.reduce((total, pid) => total + processorSeconds(pid), 0);
  const named = (name: string) => sum(all.filter(pid => nameOf(pid) === name));
  return {
    worker: sum(workers),
    engine: sum(workers.flatMap(pid => familyOf(pid).slice(1))),
    orthanc: named('Orthanc'),
    redis: named('redis-server'),
  };
}
