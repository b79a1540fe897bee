import type { Job } from 'bullmq';
import type { Outcome, StudyJob } from '../StudyJob';
import type { StudyQueue } from './openQueue';

/** States of a job, the finished ones last: who moves on while we read is met again, not missed. */
export const STATES = ['waiting', 'prioritized', 'delayed', 'active', 'completed', 'failed'] as const;
export type JobState = (typeof STATES)[number];

const PAGE = 500;

/** Every job of the queue once, in its last state, page by page. */
export async function allJobs(
  queue: StudyQueue,
): Promise<{ job: Job<StudyJob, Outcome>; state: JobState }[]> {
  const jobs = new Map<string, { job: Job<StudyJob, Outcome>; state: JobState }>();
  for (const state of STATES) {
    for (let start = 0; ; start += PAGE) {
      const page = await queue.getJobs([state], start, start + PAGE - 1, true);
      for (const job of page) if (job?.id) jobs.set(job.id, { job, state });
      if (page.length < PAGE) break;
    }
  }
  return [...jobs.values()];
}
