import { allJobs } from '../queue/allJobs';
import type { StudyQueue } from '../queue/openQueue';
import { type ReportRow, type RowState, reportRow } from '../queue/ReportRow';

export interface Status {
  paused: boolean;
  workers: number;
  counts: Record<RowState, number>;
  /** Studies finished within the last hour. */
  lastHour: number;
  /** Studies at work, how far they are, 0 to 1, and whose they are: machine and process. */
  active: { study: string; progress: number; worker: string }[];
}

export async function readStatus(queue: StudyQueue, now = Date.now()): Promise<Status> {
  const jobs = await allJobs(queue);
  const rows = jobs.map(({ job, state }) => reportRow(job, state));
  const active = jobs.filter(({ state }) => state === 'active');
  return {
    paused: await queue.isPaused(),
    workers: await queue.getWorkersCount(),
    ...summarize(rows, now),
    active: active.map(({ job: { data, progress, processedBy = '' } }) => ({
      study: data.study,
      progress: Number(progress) || 0,
      worker: processedBy,
    })),
  };
}

export function summarize(rows: readonly ReportRow[], now: number): Pick<Status, 'counts' | 'lastHour'> {
  const counts = { waiting: 0, active: 0, made: 0, present: 0, refused: 0, failed: 0 };
  for (const { state } of rows) counts[state]++;
  const lastHour = rows.filter(({ finished }) => finished && now - Date.parse(finished) < 3_600_000).length;
  return { counts, lastHour };
}

/** A few lines for a person. */
export function statusText({ paused, workers, counts, lastHour, active }: Status): string {
  const all = Object.values(counts).reduce((sum, n) => sum + n, 0);
  const left = counts.waiting + counts.active;
  const numbers = Object.entries(counts).map(([state, n]) => `${n} ${state}`);
  return [
    `${all} studies: ${numbers.join(', ')}.`,
    `${workers} workers${paused ? ', paused' : ''}; ${lastHour} studies in the last hour${
      left && lastHour ? `, the rest in ${(left / lastHour).toFixed(1)} hours at that rate` : ''
    }.`,
    ...active.map(({ study, progress, worker }) => `  ${study}: ${Math.round(100 * progress)} %, ${worker}`),
  ].join('\n');
}
