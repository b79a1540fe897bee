import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { StoreFailure } from '@modality-synthesis/engine';
import { filesUnder, readHeader } from '@modality-synthesis/engine/dicom/node';
import { studyUid, writePhantomStudy } from '@modality-synthesis/engine/testing/phantomStudy';
import { hasTool, TINY_BUNDLE, temporaryFolder } from '@modality-synthesis/engine/testing/tools';
import { freePort } from '@modality-synthesis/viewer/childServer';
import { findOrthanc, type RunningOrthanc, startOrthanc } from '@modality-synthesis/viewer/orthanc';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { submitOptions, workOptions } from './arguments';
import { submit } from './commands/submit';
import { startWorker } from './commands/work';
import { DicomWeb } from './dicomweb/DicomWeb';
import { firstImage } from './dicomweb/firstImage';
import { recordOf } from './dicomweb/madeSeries';
import { type ListedSeries, seriesOfStudy } from './dicomweb/seriesOfStudy';
import { allJobs } from './queue/allJobs';
import { withQueue } from './queue/openQueue';
import { type ReportRow, reportRow } from './queue/ReportRow';
import { everythingIn, type RunningRedis, startRedis } from './testing/redis';
import { removeImages } from './testing/removeImages';
import { smallSeries } from './testing/smallSeries';

const installation = findOrthanc();
const isHere = installation && hasTool('redis-server');

describe.runIf(isHere)('the fleet, with Redis and Orthanc (skipped where one is not installed)', () => {
  let root: string;
  let cleanUp: () => Promise<void>;
  let redis: RunningRedis;
  let orthanc: RunningOrthanc;
  let pacs: DicomWeb;

  beforeAll(async () => {
    ({ folder: root, cleanUp } = await temporaryFolder());
    [redis, orthanc] = await Promise.all([
      freePort().then(port => startRedis(path.join(root, 'redis'), port)),
      startOrthanc(installation!),
    ]);
    pacs = new DicomWeb(`${orthanc.url}/dicom-web`);
    // The first can be completed; the second lacks what is needed.
    await writePhantomStudy(path.join(root, 'studies'), { number: 61, series: [smallSeries] });
    const lone = { ...smallSeries, attributes: { SeriesDescription: 'LOCALIZER' } };
    await writePhantomStudy(path.join(root, 'studies', 'lone'), { number: 62, series: [lone] });
    await orthanc.load(await filesUnder(path.join(root, 'studies')));
  });
  afterAll(async () => {
    await Promise.all([redis?.close(), orthanc?.close()]);
    await cleanUp();
  });

  const submitted = async (query: string, ...more: string[]) => {
    const options = await submitOptions([
      ...['--pacs', pacs.root, '--query', query, '--targets', 'flair'],
      ...['--redis', redis.url, '--bundle', TINY_BUNDLE, '--accept-warnings', ...more],
    ]);
    return withQueue(options, queue => submit(queue, pacs, options));
  };
  const worker = (...more: string[]) =>
    startWorker({
      ...workOptions(['--redis', redis.url, '--bundle', TINY_BUNDLE, ...more]),
      log: () => {},
    });
  const report = async (queue: string): Promise<ReportRow[]> => {
    const jobs = await withQueue({ redis: redis.url, queue }, allJobs);
    return jobs.map(({ job, state }) => reportRow(job, state)).sort((a, b) => (a.study < b.study ? -1 : 1));
  };
  const finished = async (queue: string): Promise<ReportRow[]> => {
    for (;;) {
      const rows = await report(queue);
      if (rows.every(({ finished }) => finished)) return rows;
      await new Promise(resolve => setTimeout(resolve, 200));
    }
  };
  const isMade = ({ SeriesDescription }: ListedSeries) => SeriesDescription.startsWith('SYNTHETIC');

  it('completes what it can, says what it cannot, and keeps nothing of a patient in the queue', async () => {
    expect(await submitted('ModalitiesInStudy=MR', '--queue', 'first')).toEqual({
      found: 2,
      added: 2,
      again: 0,
    });
    expect(await submitted('ModalitiesInStudy=MR', '--queue', 'first')).toEqual({
      found: 2,
      added: 0,
      again: 0,
    });
    const out = path.join(root, 'out');
    const first = await worker('--queue', 'first', '--out', out);
    onTestFinished(() => first.close());
    const rows = await finished('first');
    expect(rows).toMatchObject([
      { study: studyUid(61), state: 'made', code: '', targets: ['flair'], attempts: 1 },
      {
        study: studyUid(62),
        state: 'refused',
        code: expect.stringMatching(/^(plan|preflight)-/),
        series: [],
      },
    ]);
    const made = (await seriesOfStudy(pacs, studyUid(61))).filter(isMade);
    expect(made).toMatchObject([{ SeriesInstanceUID: rows[0].series[0], Modality: 'MR', instances: 24 }]);
    // The same images in the folder, and nothing half-written.
    expect(await readdir(path.join(out, studyUid(61)))).toEqual(['flair']);
    const [file] = await filesUnder(out);
    expect(await readHeader(file)).toMatchObject({
      instance: { SyntheticData: 'YES', SeriesInstanceUID: rows[0].series[0] },
    });
    expect(await everythingIn(redis.url)).not.toMatch(/PHANTOM|AX T1|20260101/);

    const one = `StudyInstanceUID=${studyUid(61)}`;
    // Another queue does not know what was made; the archive does.
    await submitted(one, '--queue', 'second');
    const second = await worker('--queue', 'second');
    onTestFinished(() => second.close());
    expect((await finished('second'))[0]).toMatchObject({ state: 'present', series: rows[0].series });
    expect((await seriesOfStudy(pacs, studyUid(61))).filter(isMade)).toEqual(made);

    // A worker that was killed as it stored: the same series is completed.
    await removeImages(orthanc.url, rows[0].series[0], 5);
    expect((await seriesOfStudy(pacs, studyUid(61))).filter(isMade)[0].instances).toBe(19);
    await submitted(one, '--queue', 'third');
    const third = await worker('--queue', 'third');
    onTestFinished(() => third.close());
    expect((await finished('third'))[0]).toMatchObject({ state: 'made', series: rows[0].series });
    expect((await seriesOfStudy(pacs, studyUid(61))).filter(isMade)).toEqual(made);
  }, 120_000);

  it.runIf(process.env.FULL)(
    'reads the dose of a series where none is given',
    async () => {
      const folder = path.join(root, 'dose');
      const low = {
        ...smallSeries,
        role: 't1ce',
        attributes: { SeriesDescription: 'AX T1 POST GD 20% dose' },
      };
      await writePhantomStudy(folder, { number: 63, series: [smallSeries, low] });
      await orthanc.load(await filesUnder(folder));
      const bundle = ['--bundle', fileURLToPath(new URL('../../models/bundles/ccdm-tiny', import.meta.url))];
      const one = `StudyInstanceUID=${studyUid(63)}`;
      const completed = async (queue: string, target: string) => {
        await submitted(one, '--queue', queue, '--targets', target, ...bundle);
        const started = await worker('--queue', queue, ...bundle);
        onTestFinished(() => started.close());
        return (await finished(queue))[0];
      };
      const dose = async (SeriesInstanceUID: string) => {
        const image = await firstImage(pacs, studyUid(63), SeriesInstanceUID);
        return recordOf(image!)?.parameters?.dose;
      };
      const read = await completed('read', 't1ce');
      expect(read).toMatchObject({ state: 'made' });
      expect(await dose(read.series[0])).toBe(20);
      const given = await completed('given', 't1ce:dose=50');
      expect(given).toMatchObject({ state: 'made' });
      expect(await dose(given.series[0])).toBe(50);
      expect(await completed('again', 't1ce')).toMatchObject({ state: 'present', series: read.series });
      expect(await completed('said', 't1ce:dose=20')).toMatchObject({
        state: 'present',
        series: read.series,
      });
    },
    120_000,
  );

  it('tells an archive that is away from one that refuses', async () => {
    await expect(seriesOfStudy(new DicomWeb('http://127.0.0.1:1'), '1.2')).rejects.toMatchObject({
      kind: 'connection',
      transient: true,
    });
    const wrong = seriesOfStudy(new DicomWeb(`${orthanc.url}/nothing`), '1.2');
    await expect(wrong).rejects.toBeInstanceOf(StoreFailure);
    await expect(wrong).rejects.toMatchObject({ kind: 404, transient: false });
  });
});
