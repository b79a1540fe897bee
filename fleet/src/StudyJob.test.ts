import { describe, expect, it } from 'vitest';
import { jobId, type Settings, studyJob } from './StudyJob';
import { settings } from './testing/settings';

const job = { study: '1.2.3', pacs: 'http://localhost:8042/dicom-web', settings: settings() };

describe('jobId', () => {
  it('is the same for the same study and settings, in whatever order they stand', () => {
    const reordered = Object.fromEntries(Object.entries(job.settings).reverse()) as Settings;
    expect(jobId({ ...job, settings: reordered })).toBe(jobId(job));
    expect(jobId({ ...job, begun: '2026-01-01T00:00:00Z' })).toBe(jobId(job));
    expect(jobId({ ...job, settings: settings({ reference: undefined }) })).toBe(jobId(job));
    // The queue refuses colons, and takes a bare number for its own.
    expect(jobId(job)).toMatch(/^study-[0-9a-f]{40}$/);
  });

  it.each<[string, Partial<typeof job>]>([
    ['study', { study: '1.2.4' }],
    ['archive', { pacs: 'http://localhost/other' }],
    ['target', { settings: settings({ targets: [{ id: 't1ce' }] }) }],
    ['order of the targets', { settings: settings({ targets: [{ id: 't1ce' }, { id: 'flair' }] }) }],
    ['bundle', { settings: settings({ bundle: 'f'.repeat(64) }) }],
    ['seed', { settings: settings({ seed: 18 }) }],
  ])('is another for another %s', (_, change) => {
    expect(jobId({ ...job, ...change })).not.toBe(jobId(job));
  });
});

describe('studyJob', () => {
  it.each<[string, object]>([
    ['a name', { study: 'PHANTOM^61' }],
    ['a folder', { pacs: '/srv/studies' }],
    ['no target', { settings: settings({ targets: [] }) }],
    ['no bundle', { settings: settings({ bundle: 'cdm' }) }],
  ])('refuses %s', (_, change) => {
    expect(studyJob.safeParse({ ...job, ...change }).success).toBe(false);
  });

  it('keeps nothing that it does not know', () => {
    expect(studyJob.parse({ ...job, PatientName: 'PHANTOM^61' })).toEqual(job);
  });
});
