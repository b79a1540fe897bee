import { hostname } from 'node:os';
import { type JobModel, jobModel } from '@modality-synthesis/engine/node';
import { type Job, UnrecoverableError, Worker } from 'bullmq';
import { completeStudy } from '../completeStudy';
import { DicomWeb } from '../dicomweb/DicomWeb';
import { EngineProcess } from '../engine/EngineProcess';
import type { EngineProvider } from '../engine/messages';
import { asFleetFailure, FleetFailure } from '../FleetFailure';
import type { QueueAddress } from '../queue/openQueue';
import { type Outcome, type StudyJob, studyJob } from '../StudyJob';
import { sweepTemporaryFolders } from '../temporaryFolder';

export interface WorkOptions extends QueueAddress {
  authorization?: string;
  store: boolean;
  out?: string;
  bundle?: string;
  regionBundle?: string;
  provider: EngineProvider;
  /** Address of a server that runs the networks. */
  server?: string;
  /** How long a worker may be silent before another takes its study over, s. */
  takeOver: number;
  log(text: string): void;
}

export interface RunningWorker {
  /** Finishes the study at hand. */
  close(): Promise<void>;
}

/** How a worker is called in the queue, by its process. */
export const workerName = (pid: number): string => `${hostname()}:${pid}`;

/** A study that silenced so many workers is given up. */
const SILENCED = 10;

/**
 * Completes one study after another, until it is closed.
 * @throws SynthesisError for bundles that are not there or damaged
 */
export async function startWorker(options: WorkOptions): Promise<RunningWorker> {
  const { redis, queue, takeOver, log } = options;
  await sweepTemporaryFolders();
  const models = await jobModel({ ...options, settings: {}, precision: 'fp32' });
  const engine = new EngineProcess();
  const complete = async (job: Job<StudyJob, Outcome>): Promise<Outcome> => {
    try {
      const outcome = await work(job, models, engine, options);
      log(`${job.data.study}: ${outcome.state}${'code' in outcome ? ` (${outcome.code})` : ''}`);
      return outcome;
    } catch (thrown) {
      const { code, mayPass, cause } = asFleetFailure(thrown);
      log(`${job.data.study}: ${code}${cause instanceof Error ? ` (${cause.message})` : ''}`);
      throw mayPass ? new Error(code) : new UnrecoverableError(code);
    }
  };
  const worker = new Worker<StudyJob, Outcome>(queue, complete, {
    name: workerName(process.pid),
    connection: { url: redis, maxRetriesPerRequest: null },
    lockDuration: 1000 * takeOver,
    stalledInterval: 1000 * takeOver,
    maxStalledCount: SILENCED,
  });
  // Redis may be away for a while: the worker waits for it.
  let last = '';
  worker.on('error', ({ message }) => {
    if (message !== last) log(`Queue: ${message}`);
    last = message;
  });
  return {
    close: async () => {
      await worker.close();
      engine.end();
    },
  };
}

async function work(
  job: Job<StudyJob, Outcome>,
  models: JobModel,
  engine: EngineProcess,
  { authorization, store, out, bundle, regionBundle, provider, server, log }: WorkOptions,
): Promise<Outcome> {
  const { data, success } = studyJob.safeParse(job.data);
  if (!success) throw new FleetFailure('job-invalid', false);
  const { settings } = data;
  if (settings.bundle !== models.bundle.sha256 || settings.region !== models.region.sha256)
    throw new FleetFailure('bundle-mismatch', false);
  const begun = { ...data, begun: data.begun ?? new Date().toISOString() };
  if (!data.begun) await job.updateData(begun);
  // Lost with the connection; the next one comes.
  const onProgress = (done: number) => void job.updateProgress(done).catch(() => {});
  return completeStudy(begun, {
    pacs: new DicomWeb(data.pacs, authorization),
    complete: models.complete,
    engine: request =>
      engine.run({ ...request, bundle, regionBundle, provider, server }, onProgress, text =>
        log(`${data.study}: ${text}`),
      ),
    store,
    out,
  });
}
