import { fileURLToPath } from 'node:url';
import { TINY_BUNDLE } from '@modality-synthesis/engine/testing/tools';
import { describe, expect, it } from 'vitest';
import { limitOptions, submitOptions, workOptions } from './arguments';
import { jobId } from './StudyJob';

const needed = ['--pacs', 'http://localhost:8042/dicom-web/', '--targets', 'flair', '--bundle', TINY_BUNDLE];

describe('submitOptions', () => {
  it('completes the settings of a job as its record will have them', async () => {
    const query = 'ModalitiesInStudy=MR&StudyDate=20240101-';
    const given = [`--query=?${query}`];
    const { settings, ...options } = await submitOptions([...needed, ...given]);
    expect(options).toEqual({
      ...{ pacs: 'http://localhost:8042/dicom-web', query, priority: 1000 },
      ...{ redis: 'redis://127.0.0.1:6379', queue: 'modality-synthesis' },
    });
    expect(settings).toEqual({
      targets: [{ id: 'flair' }],
      bundle: expect.stringMatching(/^[0-9a-f]{64}$/),
      region: expect.stringMatching(/^[0-9a-f]{64}$/),
      method: { id: 'cdm', options: {} },
      ...{ seed: 1, precision: 'fp32', acceptWarnings: false },
    });
  });

  it('leaves to the study what it may tell of a target, and passes on what was given', async () => {
    const bundle = fileURLToPath(new URL('../../models/bundles/ccdm-tiny', import.meta.url));
    const targets = async (list: string) => {
      const args = ['--pacs', 'http://localhost', '--targets', list, '--bundle', bundle];
      return (await submitOptions(args)).settings.targets;
    };
    expect(await targets('t1ce')).toEqual([{ id: 't1ce' }]);
    expect(await targets('t1ce:dose=50')).toEqual([{ id: 't1ce', parameters: { dose: 50 } }]);
    await expect(targets('t1ce:dose=500')).rejects.toMatchObject({ code: 'plan-invalid' });
    await expect(targets('t1ce:noise=1')).rejects.toMatchObject({ code: 'plan-invalid' });
  });

  it('makes one job of a default and of the same value given', async () => {
    const id = async (...more: string[]) => {
      const { pacs, settings } = await submitOptions([...needed, ...more]);
      return jobId({ study: '1.2', pacs, settings });
    };
    expect(await id('--seed', '1')).toBe(await id());
    expect(await id('--seed', '2')).not.toBe(await id());
  });

  it.each([
    ['no target', ['--pacs', 'http://localhost'], /--targets/],
    ['no archive', ['--targets', 'flair'], /--pacs/],
    ['a password in the address', [...needed, '--pacs', 'http://a:b@localhost'], /FLEET_PACS_AUTHORIZATION/],
    ['another priority', [...needed, '--priority', '0'], /--priority/],
    ['a server', [...needed, '--server', 'https://ai.example', '--send-images'], /option of work/],
    ['a check', [...needed, '--check'], /--check/],
    ['an option that nobody knows', [...needed, '--sauce', 'x'], /--sauce/],
    ['another contrast', ['--pacs', 'http://localhost', '--targets', 'ct'], /ct/],
  ])('refuses %s', async (_, args, message) => {
    await expect(submitOptions(args)).rejects.toThrow(message);
  });
});

describe('workOptions', () => {
  it('stores, and waits a minute before it takes over', () => {
    expect(workOptions([])).toMatchObject({ store: true, out: undefined, provider: 'cpu', takeOver: 60 });
  });

  it('passes a server on from those who agree to send images there', () => {
    const given = ['--server', 'https://ai.example/', '--send-images'];
    expect(workOptions(given)).toMatchObject({ server: 'https://ai.example' });
  });

  it.each([
    [['--no-store'], /--out/],
    [['--provider', 'cuda'], /--provider/],
    [['--take-over', 'soon'], /--take-over/],
    [['--server', 'https://ai.example'], /--send-images/],
  ])('refuses %j', (args, message) => {
    expect(() => workOptions(args)).toThrow(message);
  });
});

it('limits nothing without a number', () => {
  expect(() => limitOptions([])).toThrow('--studies-a-minute');
  expect(limitOptions(['--studies-a-minute', '0']).studies).toBe(0);
});
