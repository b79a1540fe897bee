import { setTimeout as sleep } from 'node:timers/promises';
import { workerName } from '../commands/work';
import { seriesOfStudy } from '../dicomweb/seriesOfStudy';
import type { FleetRow, LocalFleet } from './localFleet';

const WORKERS = 2;
/** Within which a worker is killed, from the first request for a study to its last image, ms. */
const MOMENTS = 4000;

/** What came of killing workers at random. */
export interface KillFigures {
  studies: number;
  kills: number;
  /** Of the kills: those of a worker that had a study. */
  underWay: number;
  made: number;
  /** Found made by a worker that took them over. */
  present: number;
  takenOver: number;
  /** Series too many in the archive. */
  doubles: number;
  /** Studies without a series that has all of its images and no more. */
  wrongImages: number;
  seconds: number;
}

/**
 * Lets two workers complete the studies of a fleet. From the first study to the last one of them, chosen by
 * chance, is killed again and again at a random moment, and replaced; Redis is killed twice, the archive
 * restarted once, as the first third, half and second third of the kills are done.
 * @param images of each result
 * @param takeOver option of the workers, s
 */
export async function killWorkers(
  fleet: LocalFleet,
  { queue, kills, images, takeOver }: { queue: string; kills: number; images: number; takeOver: number },
): Promise<{ figures: KillFigures; rows: FleetRow[] }> {
  const began = performance.now();
  const workers = Array.from({ length: WORKERS }, () => fleet.startWorker(queue, takeOver));
  let underWay = 0;
  for (let n = 0; n < kills; n++) {
    await studyAtWork(fleet, queue, (n * fleet.studies.length) / kills);
    await sleep(MOMENTS * Math.random());
    if (n === Math.floor(kills / 3) || n === Math.floor((2 * kills) / 3)) await fleet.redis.restart();
    if (n === Math.floor(kills / 2)) await fleet.orthanc.restart();
    const [killed] = workers.splice(Math.floor(workers.length * Math.random()), 1);
    const { active } = await fleet.status(queue);
    killed.kill('SIGKILL');
    if (active.some(({ worker }) => worker === workerName(killed.pid!))) underWay++;
    workers.push(fleet.startWorker(queue, takeOver));
  }
  const rows = await fleet.finished(queue);
  const seconds = (performance.now() - began) / 1000;
  const counts = await Promise.all(rows.map(({ study }) => syntheticImages(fleet, study)));
  const count = (state: FleetRow['state']) => rows.filter(row => row.state === state).length;
  return {
    rows,
    figures: {
      ...{ studies: fleet.studies.length, kills, underWay, seconds },
      ...{ made: count('made'), present: count('present') },
      takenOver: rows.reduce((sum, row) => sum + row.takenOver, 0),
      doubles: counts.reduce((sum, series) => sum + Math.max(0, series.length - 1), 0),
      wrongImages: counts.filter(series => series.length === 0 || series.some(n => n !== images)).length,
    },
  };
}

/** Waits until so many studies are done and another is at work, or none is left. */
async function studyAtWork(fleet: LocalFleet, queue: string, done: number): Promise<void> {
  for (;;) {
    const counts = await fleet.counts(queue);
    if (counts.waiting + counts.active === 0) return;
    if (counts.active > 0 && counts.done >= done) return;
    await sleep(200);
  }
}

/** How many images each synthetic series of a study has. */
async function syntheticImages({ pacs }: LocalFleet, study: string): Promise<number[]> {
  const listed = await seriesOfStudy(pacs, study);
  return listed
    .filter(({ SeriesDescription }) => SeriesDescription.startsWith('SYNTHETIC'))
    .map(({ instances }) => instances);
}
