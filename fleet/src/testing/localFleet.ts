/** Redis, Orthanc with small studies, and workers that are processes: for tests and measurements. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { filesUnder } from '@modality-synthesis/engine/dicom/node';
import { writePhantomStudy } from '@modality-synthesis/engine/testing/phantomStudy';
import { TINY_BUNDLE, temporaryFolder } from '@modality-synthesis/engine/testing/tools';
import { freePort } from '@modality-synthesis/viewer/childServer';
import { findOrthanc, type RunningOrthanc, startOrthanc } from '@modality-synthesis/viewer/orthanc';
import { submitOptions } from '../arguments';
import { readStatus, type Status } from '../commands/status';
import { submit } from '../commands/submit';
import { DicomWeb } from '../dicomweb/DicomWeb';
import { allJobs, type JobState } from '../queue/allJobs';
import { withQueue } from '../queue/openQueue';
import { type ReportRow, reportRow } from '../queue/ReportRow';
import { type RunningRedis, startRedis } from './redis';
import { smallSeries } from './smallSeries';

const BIN = fileURLToPath(new URL('../../bin.mjs', import.meta.url));
/** Numbers of the studies begin here. */
const FIRST = 1000;

/** A study's row of the report, and how often another worker took it over from a silent one. */
export interface FleetRow extends ReportRow {
  takenOver: number;
}

export interface LocalFleet {
  redis: RunningRedis;
  orthanc: RunningOrthanc;
  pacs: DicomWeb;
  /** StudyInstanceUIDs. */
  studies: readonly string[];
  /** TMPDIR of the workers. */
  temporary: string;
  /**
   * Adds a job for each study to a queue.
   * @param more options of `submit`
   */
  submit(queue: string, ...more: readonly string[]): Promise<void>;
  /** @param command what runs the worker, such as `taskset -c 0`; none by default */
  startWorker(queue: string, takeOver: number, command?: readonly string[]): ChildProcess;
  status(queue: string): Promise<Status>;
  /** How many studies are where; costs much less than the status. */
  counts(queue: string): Promise<{ waiting: number; active: number; done: number }>;
  rows(queue: string): Promise<FleetRow[]>;
  /** Waits until no study waits or is at work. */
  finished(queue: string): Promise<FleetRow[]>;
  /** Kills the workers and ends all else. */
  close(): Promise<void>;
}

/** Writes studies into a folder; returns their StudyInstanceUIDs. */
type WriteStudies = (folder: string) => Promise<string[]>;

/** So many studies of one small series. */
export function smallStudies(count: number): WriteStudies {
  return async folder => {
    const uids: string[] = [];
    for (let number = FIRST; number < FIRST + count; number++) {
      const study = { number, series: [smallSeries] };
      uids.push(await writePhantomStudy(path.join(folder, `${number}`), study));
    }
    return uids;
  };
}

/** @param bundle folder of the one that all jobs are made with */
export async function startLocalFleet(
  writeStudies: WriteStudies,
  bundle: string = TINY_BUNDLE,
): Promise<LocalFleet> {
  const { folder: root, cleanUp } = await temporaryFolder();
  const ends: (() => unknown)[] = [cleanUp];
  const close = async () => {
    for (const end of ends.splice(0).reverse()) await end();
  };
  try {
    const orthanc = await startOrthanc(findOrthanc()!);
    ends.push(() => orthanc.close());
    const redis = await startRedis(path.join(root, 'redis'), await freePort());
    ends.push(() => redis.close());
    const studies = await writeStudies(path.join(root, 'studies'));
    await orthanc.load(await filesUnder(path.join(root, 'studies')));
    const pacs = new DicomWeb(`${orthanc.url}/dicom-web`);
    const common = ['--redis', redis.url, '--bundle', bundle];
    const temporary = path.join(root, 'temporary');
    await mkdir(temporary);
    const status = (queue: string) => withQueue({ redis: redis.url, queue }, opened => readStatus(opened));
    const counts = async (queue: string) => {
      const found = await withQueue({ redis: redis.url, queue }, opened => opened.getJobCounts());
      const of = (...states: JobState[]) => states.reduce((sum, state) => sum + (found[state] ?? 0), 0);
      return {
        waiting: of('waiting', 'prioritized', 'delayed'),
        active: of('active'),
        done: of('completed', 'failed'),
      };
    };
    const rows = async (queue: string): Promise<FleetRow[]> => {
      const jobs = await withQueue({ redis: redis.url, queue }, allJobs);
      return jobs.map(({ job, state }) => ({ ...reportRow(job, state), takenOver: job.stalledCounter }));
    };
    return {
      ...{ redis, orthanc, pacs, temporary, studies, status, counts, rows, close },
      async submit(queue, ...more) {
        const wanted = ['--pacs', pacs.root, '--targets', 'flair', '--accept-warnings', ...more];
        const options = await submitOptions([...common, '--queue', queue, ...wanted]);
        await withQueue(options, opened => submit(opened, pacs, options));
      },
      startWorker(queue, takeOver, command = []) {
        const own = ['work', ...common, '--queue', queue, '--take-over', `${takeOver}`];
        const [program, ...args] = [...command, process.execPath, BIN, ...own];
        const env = { ...process.env, TMPDIR: temporary };
        const worker = spawn(program, args, { stdio: 'ignore', env });
        ends.push(() => worker.kill('SIGKILL'));
        return worker;
      },
      async finished(queue) {
        for (;;) {
          const { waiting, active } = await counts(queue);
          if (waiting + active === 0) return rows(queue);
          await sleep(500);
        }
      },
    };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}
