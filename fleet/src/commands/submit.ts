import { type DicomWeb, textOf } from '../dicomweb/DicomWeb';
import type { StudyQueue } from '../queue/openQueue';
import { jobId, type Settings, type StudyJob, studyJob } from '../StudyJob';

const STUDY_INSTANCE_UID = '0020000D';

export interface Submission {
  /** QIDO-RS query of studies. */
  query: string;
  settings: Settings;
  /** 1 is done first; 2097151 last. */
  priority: number;
}

/** How many studies were found, and what became of them. */
export interface Submitted {
  found: number;
  added: number;
  /** In the queue before, and failed: they are tried again. */
  again: number;
}

/** Tries of a study, and the wait before the second, ms; each next one is twice as long, more or less. */
const ATTEMPTS = 8;
const BACKOFF = { type: 'exponential', delay: 5000, jitter: 0.25 };

/**
 * Adds a job for each study that the query finds. A study that is in the queue with these settings stays as
 * it is, unless it failed.
 * @throws StoreFailure for the archive
 */
export async function submit(
  queue: StudyQueue,
  pacs: DicomWeb,
  { query, settings, priority }: Submission,
): Promise<Submitted> {
  const submitted = { found: 0, added: 0, again: 0 };
  const seen = new Set<string>();
  for await (const json of pacs.search('/studies', query)) {
    const study = textOf(json, STUDY_INSTANCE_UID);
    if (seen.has(study)) continue;
    seen.add(study);
    submitted.found++;
    const done = await add(queue, studyJob.parse({ study, pacs: pacs.root, settings }), priority);
    if (done) submitted[done]++;
  }
  return submitted;
}

async function add(
  queue: StudyQueue,
  job: StudyJob,
  priority: number,
): Promise<'added' | 'again' | undefined> {
  const id = jobId(job);
  const known = await queue.getJob(id);
  if (!known) {
    // Stack traces name this machine's folders, and help nobody there.
    const options = { jobId: id, priority, attempts: ATTEMPTS, backoff: BACKOFF, stackTraceLimit: 0 };
    await queue.add('study', job, options);
    return 'added';
  }
  if (!(await known.isFailed())) return undefined;
  await known.retry('failed', { resetAttemptsMade: true });
  return 'again';
}
