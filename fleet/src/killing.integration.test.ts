/**
 * Workers killed at random, Redis and the archive restarted among it: every study has its series exactly
 * once. A long test; FLEET_STUDIES and FLEET_KILLS make it shorter or longer.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { filesUnder } from '@modality-synthesis/engine/dicom/node';
import { studyUid, writePhantomStudy } from '@modality-synthesis/engine/testing/phantomStudy';
import { hasTool, TINY_BUNDLE, temporaryFolder } from '@modality-synthesis/engine/testing/tools';
import { freePort } from '@modality-synthesis/viewer/childServer';
import { findOrthanc, startOrthanc } from '@modality-synthesis/viewer/orthanc';
import { expect, it, onTestFinished } from 'vitest';
import { submitOptions } from './arguments';
import { readStatus } from './commands/status';
import { submit } from './commands/submit';
import { DicomWeb } from './dicomweb/DicomWeb';
import { seriesOfStudy } from './dicomweb/seriesOfStudy';
import { allJobs } from './queue/allJobs';
import { withQueue } from './queue/openQueue';
import { reportRow } from './queue/ReportRow';
import { everythingIn, startRedis } from './testing/redis';
import { smallSeries } from './testing/smallSeries';

const STUDIES = Number(process.env.FLEET_STUDIES ?? 200);
const KILLS = Number(process.env.FLEET_KILLS ?? 50);
const WORKERS = 2;
const installation = findOrthanc();
const isHere = process.env.FULL && installation && hasTool('redis-server');

const bin = fileURLToPath(new URL('../bin.mjs', import.meta.url));
const passed = (ms: number) => new Promise(resolve => setTimeout(resolve, ms));

it.runIf(isHere)(
  `makes each of ${STUDIES} series once, though workers are killed ${KILLS} times`,
  async () => {
    const { folder: root, cleanUp } = await temporaryFolder();
    onTestFinished(cleanUp);
    const orthanc = await startOrthanc(installation!);
    onTestFinished(() => orthanc.close());
    const redis = await startRedis(path.join(root, 'redis'), await freePort());
    onTestFinished(() => redis.close());
    const studies = Array.from({ length: STUDIES }, (_, n) => 1000 + n);
    for (const number of studies)
      await writePhantomStudy(path.join(root, 'studies', `${number}`), { number, series: [smallSeries] });
    await orthanc.load(await filesUnder(path.join(root, 'studies')));
    const pacs = new DicomWeb(`${orthanc.url}/dicom-web`);
    const common = ['--redis', redis.url, '--bundle', TINY_BUNDLE];
    const options = await submitOptions([
      ...common,
      ...['--pacs', pacs.root, '--targets', 'flair', '--accept-warnings'],
    ]);
    const count = { found: STUDIES, added: STUDIES, again: 0 };
    expect(await withQueue(options, queue => submit(queue, pacs, options))).toEqual(count);

    const temporary = path.join(root, 'temporary');
    await mkdir(temporary);
    const workers: ChildProcess[] = [];
    const start = () => {
      const env = { ...process.env, TMPDIR: temporary };
      workers.push(
        spawn(process.execPath, [bin, 'work', ...common, '--take-over', '5'], { stdio: 'ignore', env }),
      );
    };
    onTestFinished(() => {
      for (const worker of workers) worker.kill('SIGKILL');
    });
    for (let n = 0; n < WORKERS; n++) start();

    const status = () => withQueue(options, queue => readStatus(queue));
    const atWork = async () => {
      for (;;) {
        const { active, counts } = await status();
        if (active.length > 0 || counts.waiting === 0) return;
        await passed(100);
      }
    };
    let kills = 0;
    for (; kills < KILLS; kills++) {
      await atWork();
      // Anywhere between the first request and the last image.
      await passed(4000 * Math.random());
      if (kills === Math.floor(KILLS / 3) || kills === Math.floor((2 * KILLS) / 3)) await redis.restart();
      if (kills === Math.floor(KILLS / 2)) await orthanc.restart();
      const [killed] = workers.splice(Math.floor(workers.length * Math.random()), 1);
      killed.kill('SIGKILL');
      start();
    }
    for (;;) {
      const { counts } = await status();
      if (counts.waiting + counts.active === 0) break;
      await passed(500);
    }

    const jobs = await withQueue(options, allJobs);
    const rows = jobs.map(({ job, state }) => reportRow(job, state));
    expect(rows.filter(({ state }) => state !== 'made' && state !== 'present')).toEqual([]);
    expect(rows.map(({ study }) => study).sort()).toEqual(studies.map(studyUid).sort());
    for (const { study, series } of rows) {
      const listed = await seriesOfStudy(pacs, study);
      expect(
        listed.filter(({ SeriesDescription }) => SeriesDescription.startsWith('SYNTHETIC')),
      ).toMatchObject([{ SeriesInstanceUID: series[0], instances: smallSeries.dims[2] }]);
    }
    expect(await everythingIn(redis.url)).not.toMatch(/PHANTOM|AX T1|20260101/);

    // The killed ones' files are removed by the next; those who live remove their own.
    start();
    for (let tries = 0; tries < 100; tries++) {
      if ((await readdir(temporary)).filter(name => name.startsWith('modality-')).length === 0) break;
      await passed(200);
    }
    expect((await readdir(temporary)).filter(name => name.startsWith('modality-'))).toEqual([]);
    const made = rows.filter(({ state }) => state === 'made').length;
    console.log(`${STUDIES} studies, ${kills} kills: ${made} made, ${rows.length - made} found made`);
  },
  3_600_000,
);
