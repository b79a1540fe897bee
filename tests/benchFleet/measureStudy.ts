import path from 'node:path';
import type { Point3 } from '@modality-synthesis/engine';
import { readStudy } from '@modality-synthesis/engine/node';
import { type LocalFleet, startLocalFleet } from '@modality-synthesis/fleet/testing/localFleet';
import { fineVolumes, writeFineStudy } from '../fineStudy';
import { median } from '../median';
import { engineOf, familyOf, nameOf, othersDuring, processorSeconds, residentMemory } from './processes';

const BUNDLE = path.resolve(import.meta.dirname, '../../models/bundles/cdm-brain-mr');
const DIMS: Point3 = [256, 256, 176];
const TIMES = 4;
const QUEUE = 'study';

/** A study of three whole heads, with the shipped bundle, by one worker on all cores. */
export interface StudyFigures {
  dims: Point3;
  /** From the archive, and into it, bytes. */
  retrieved: number;
  stored: number;
  /** Median of each stage, once the engine was started, s, and of all of it. */
  stages: Record<string, number>;
  seconds: number;
  /** Processor time of all stages, and of the archive, s. */
  processor: number;
  orthanc: number;
  /** Largest resident memory, MiB. */
  worker: number;
  engine: number;
  others: number;
}

/** A fleet for it: studies of different patients, because the engine keeps what it found of the last one. */
export function startFineFleet(): Promise<LocalFleet> {
  return startLocalFleet(async folder => {
    const volumes = await fineVolumes(DIMS);
    const studies: string[] = [];
    for (let number = 1; number <= TIMES; number++) {
      const brighter = (data: Float32Array) => data.map(value => value * (1 + number / 100));
      const own = new Map([...volumes].map(([role, v]) => [role, { ...v, data: brighter(v.data) }]));
      const study = path.join(folder, `${number}`);
      await writeFineStudy(study, own, number);
      studies.push((await readStudy(study)).StudyInstanceUID);
    }
    return studies;
  }, BUNDLE);
}

export async function measureStudy(fleet: LocalFleet): Promise<StudyFigures> {
  const retrieved = await storedBytes(fleet);
  await fleet.submit(QUEUE);
  const { pid } = fleet.startWorker(QUEUE, 60);
  const orthancs = familyOf(process.pid).filter(one => nameOf(one) === 'Orthanc');
  const archive = () => orthancs.reduce((sum, one) => sum + processorSeconds(one), 0);
  const before = archive();
  let [worker, engine] = [0, 0];
  const sampling = setInterval(() => {
    worker = Math.max(worker, residentMemory(pid!));
    engine = Math.max(engine, residentMemory(engineOf(pid!)));
  }, 100);
  const { result: rows, others } = await othersDuring(() => fleet.finished(QUEUE));
  clearInterval(sampling);
  const failed = rows.find(({ state }) => state !== 'made');
  if (failed) throw new Error(`A study was ${failed.state}: ${failed.code}`);
  const [, ...warm] = rows.sort((a, b) => (a.finished < b.finished ? -1 : 1));
  const names = Object.keys(warm[0].stages ?? {});
  const stages = names.map(name => [name, median(warm.map(row => row.stages?.[name] ?? 0))] as const);
  const processor = familyOf(pid!).reduce((sum, one) => sum + processorSeconds(one), 0);
  return {
    ...{ dims: DIMS, retrieved: retrieved / TIMES, others, worker, engine },
    stored: ((await storedBytes(fleet)) - retrieved) / TIMES,
    stages: Object.fromEntries(stages),
    seconds: median(warm.map(row => row.seconds!)),
    processor: processor / TIMES,
    orthanc: (archive() - before) / TIMES,
  };
}

async function storedBytes({ orthanc }: LocalFleet): Promise<number> {
  const statistics = await (await fetch(`${orthanc.url}/statistics`)).json();
  return Number(statistics.TotalDiskSize);
}
