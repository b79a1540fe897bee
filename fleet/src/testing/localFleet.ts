/** Redis, Orthanc with small studies, and workers that are processes of their own: for tests and measurements. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { filesUnder } from '@modality-synthesis/engine/dicom/node';
import { studyUid, writePhantomStudy } from '@modality-synthesis/engine/testing/phantomStudy';
import { TINY_BUNDLE, temporaryFolder } from '@modality-synthesis/engine/testing/tools';
import { freePort } from '@modality-synthesis/viewer/childServer';
import { findOrthanc, type RunningOrthanc, startOrthanc } from '@modality-synthesis/viewer/orthanc';
import { type SubmitOptions, submitOptions } from '../arguments';
import { readStatus, type Status } from '../commands/status';
import { submit } from '../commands/submit';
import { DicomWeb } from '../dicomweb/DicomWeb';
import { allJobs } from '../queue/allJobs';
import { type StudyQueue, withQueue } from '../queue/openQueue';
import { type ReportRow, reportRow } from '../queue/ReportRow';
import { type RunningRedis, startRedis } from './redis';
import { smallSeries } from './smallSeries';

const BIN = fileURLToPath(new URL('../../bin.mjs', import.meta.url));
/** Numbers of the studies begin here. */
const FIRST = 1000;

export const passed = (ms: number) => new Promise(resolve => setTimeout(resolve, ms));

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
  /** Adds a job for each study to a queue. */
  submit(queue: string): Promise<void>;
  /** @param command what runs the worker, such as `taskset -c 0`; none by default */
  startWorker(queue: string, takeOver: number, command?: readonly string[]): ChildProcess;
  status(queue: string): Promise<Status>;
  /** Waits until no study waits or is at work. */
  finished(queue: string): Promise<FleetRow[]>;
  /** Kills the workers and ends all else. */
  close(): Promise<void>;
}

/** @param count of the studies in the archive */
export async function startLocalFleet(count: number): Promise<LocalFleet> {
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
    const numbers = Array.from({ length: count }, (_, n) => FIRST + n);
    for (const number of numbers)
      await writePhantomStudy(path.join(root, 'studies', `${number}`), { number, series: [smallSeries] });
    await orthanc.load(await filesUnder(path.join(root, 'studies')));
    const pacs = new DicomWeb(`${orthanc.url}/dicom-web`);
    const common = ['--redis', redis.url, '--bundle', TINY_BUNDLE];
    const given = ['--pacs', pacs.root, '--targets', 'flair', '--accept-warnings'];
    const options = await submitOptions([...common, ...given]);
    const inQueue = <T>(queue: string, use: (opened: StudyQueue, options: SubmitOptions) => Promise<T>) =>
      withQueue({ ...options, queue }, opened => use(opened, options));
    const temporary = path.join(root, 'temporary');
    await mkdir(temporary);
    const status = (queue: string) => inQueue(queue, opened => readStatus(opened));
    return {
      ...{ redis, orthanc, pacs, temporary, status, close },
      studies: numbers.map(studyUid),
      submit: queue => inQueue(queue, (opened, options) => submit(opened, pacs, options)).then(() => {}),
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
          const { counts } = await status(queue);
          if (counts.waiting + counts.active === 0) break;
          await passed(500);
        }
        const jobs = await inQueue(queue, allJobs);
        return jobs.map(({ job, state }) => ({ ...reportRow(job, state), takenOver: job.stalledCounter }));
      },
    };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}
