import { describe, expect, it } from 'vitest';
import { summarize } from '../commands/status';
import { settings } from '../testing/settings';
import { csv, reportRow } from './ReportRow';

const job: Parameters<typeof reportRow>[0] = {
  data: { study: '1.2.3', pacs: 'http://pacs', settings: settings() },
  returnvalue: { state: 'made', series: [{ target: 'flair', SeriesInstanceUID: '2.25.1' }] },
  failedReason: '',
  attemptsMade: 1,
  processedOn: Date.parse('2026-03-04T05:00:00Z'),
  finishedOn: Date.parse('2026-03-04T05:00:12.5Z'),
};
const refused = { ...job, returnvalue: { state: 'refused' as const, code: 'no-region' } };
const failed = (failedReason: string) => reportRow({ ...job, failedReason }, 'failed');
const unfinished = { ...job, processedOn: undefined, finishedOn: undefined };

describe('reportRow', () => {
  it('says what was made', () => {
    expect(reportRow(job, 'completed')).toEqual({
      study: '1.2.3',
      state: 'made',
      code: '',
      targets: ['flair'],
      series: ['2.25.1'],
      attempts: 1,
      seconds: 12.5,
      finished: '2026-03-04T05:00:12.500Z',
    });
  });

  it('says why nothing was, by a code', () => {
    expect(reportRow(refused, 'completed')).toMatchObject({
      state: 'refused',
      code: 'no-region',
      series: [],
    });
    expect(failed('pacs-connection')).toMatchObject({ state: 'failed', code: 'pacs-connection', series: [] });
    expect(failed('job stalled more than allowable limit').code).toBe('stalled');
    expect(failed('Missing lock for job 7').code).toBe('queue');
  });

  it.each(['waiting', 'prioritized', 'delayed'] as const)('is waiting where the queue says %s', state => {
    expect(reportRow(unfinished, state)).toMatchObject({ state: 'waiting', seconds: null, finished: '' });
  });
});

describe('csv', () => {
  it('has a line a study', () => {
    const rows = [reportRow(job, 'completed'), reportRow(unfinished, 'waiting')];
    expect(csv(rows)).toBe(
      [
        'study,state,code,targets,series,attempts,seconds,finished',
        '1.2.3,made,,flair,2.25.1,1,12.5,2026-03-04T05:00:12.500Z',
        '1.2.3,waiting,,flair,,1,,',
        '',
      ].join('\r\n'),
    );
  });
});

describe('summarize', () => {
  it('counts states, and what was finished within the hour', () => {
    const rows = [
      reportRow(job, 'completed'),
      reportRow(refused, 'completed'),
      reportRow(unfinished, 'active'),
    ];
    const at = (hours: number) => summarize(rows, job.finishedOn! + hours * 3_600_000);
    expect(at(0.5).counts).toEqual({ waiting: 0, active: 1, made: 1, present: 0, refused: 1, failed: 0 });
    expect([at(0.5).lastHour, at(1.5).lastHour]).toEqual([2, 0]);
  });
});
