import type { Job } from 'bullmq';
import type { Outcome, StudyJob } from '../StudyJob';
import type { JobState } from './allJobs';

export type RowState = Outcome['state'] | 'failed' | 'waiting' | 'active';

/** What became of one study. */
export interface ReportRow {
  study: string;
  state: RowState;
  /** Of a refusal or a failure. */
  code: string;
  targets: readonly string[];
  /** SeriesInstanceUIDs, one a target. */
  series: readonly string[];
  attempts: number;
  /** From the last start to the end, s. */
  seconds: number | null;
  /** ISO 8601 */
  finished: string;
  /** How long each stage took, s; not in the CSV. */
  stages?: Readonly<Record<string, number>>;
}

type ReportedJob = Pick<
  Job<StudyJob, Outcome>,
  'data' | 'returnvalue' | 'failedReason' | 'attemptsMade' | 'processedOn' | 'finishedOn'
>;

export function reportRow(job: ReportedJob, state: JobState): ReportRow {
  const { data, returnvalue, failedReason, attemptsMade, processedOn, finishedOn } = job;
  const outcome = state === 'completed' ? returnvalue : undefined;
  return {
    study: data.study,
    state: outcome?.state ?? rowState(state),
    code: outcome?.state === 'refused' ? outcome.code : state === 'failed' ? codeOf(failedReason) : '',
    targets: data.settings.targets.map(({ id }) => id),
    series: outcome && 'series' in outcome ? outcome.series.map(s => s.SeriesInstanceUID) : [],
    attempts: attemptsMade,
    seconds: processedOn && finishedOn ? (finishedOn - processedOn) / 1000 : null,
    finished: finishedOn ? new Date(finishedOn).toISOString() : '',
    ...(outcome && 'seconds' in outcome && { stages: outcome.seconds }),
  };
}

function rowState(state: JobState): RowState {
  return state === 'failed' || state === 'active' ? state : 'waiting';
}

/** Our failures are codes; the queue has sentences of its own. */
function codeOf(reason: string): string {
  if (/^[a-z0-9-]+$/.test(reason)) return reason;
  return /stalled/.test(reason) ? 'stalled' : 'queue';
}

const COLUMNS = ['study', 'state', 'code', 'targets', 'series', 'attempts', 'seconds', 'finished'] as const;

/** Rows as CSV (RFC 4180); lists are separated by spaces. No value has a comma, a quote or a line break. */
export function csv(rows: readonly ReportRow[]): string {
  const line = (row: ReportRow) => COLUMNS.map(column => [row[column] ?? ''].flat().join(' ')).join(',');
  return [COLUMNS.join(','), ...rows.map(line)].map(text => `${text}\r\n`).join('');
}
