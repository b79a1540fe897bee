/**
 * Workers killed at random, Redis and the archive restarted among it: every study has its series exactly
 * once. In `npm run test:full` the whole of it; FLEET_STUDIES and FLEET_KILLS make it shorter or longer.
 */
import { readdir } from 'node:fs/promises';
import { hasTool } from '@modality-synthesis/engine/testing/tools';
import { findOrthanc } from '@modality-synthesis/viewer/orthanc';
import { expect, it, onTestFinished } from 'vitest';
import { workerName } from './commands/work';
import { seriesOfStudy } from './dicomweb/seriesOfStudy';
import { type LocalFleet, passed, startLocalFleet } from './testing/localFleet';
import { everythingIn } from './testing/redis';
import { smallSeries } from './testing/smallSeries';

const STUDIES = Number(process.env.FLEET_STUDIES ?? (process.env.FULL ? 200 : 2));
const KILLS = Number(process.env.FLEET_KILLS ?? (process.env.FULL ? 50 : 1));
const WORKERS = 2;
const QUEUE = 'killing';
/** Of a silent worker's study, s. */
const TAKE_OVER = process.env.FULL ? 5 : 2;
/** Within which a worker is killed, from the first request for a study to its last image, ms. */
const MOMENTS = 4000;
const isHere = findOrthanc() && hasTool('redis-server');

it.runIf(isHere)(
  `makes each of ${STUDIES} series once, though workers are killed ${KILLS} times`,
  async () => {
    const fleet = await startLocalFleet(STUDIES);
    onTestFinished(() => fleet.close());
    await fleet.submit(QUEUE);
    const start = () => fleet.startWorker(QUEUE, TAKE_OVER);
    const workers = Array.from({ length: WORKERS }, start);
    const began = performance.now();
    let [kills, underWay] = [0, 0];
    for (; kills < KILLS; kills++) {
      await workStarted(fleet);
      await passed(MOMENTS * Math.random());
      if (kills === Math.floor(KILLS / 3) || kills === Math.floor((2 * KILLS) / 3))
        await fleet.redis.restart();
      if (kills === Math.floor(KILLS / 2)) await fleet.orthanc.restart();
      const [killed] = workers.splice(Math.floor(workers.length * Math.random()), 1);
      const { active } = await fleet.status(QUEUE);
      killed.kill('SIGKILL');
      if (active.some(({ worker }) => worker === workerName(killed.pid!))) underWay++;
      workers.push(start());
    }
    const rows = await fleet.finished(QUEUE);
    const seconds = (performance.now() - began) / 1000;

    expect(rows.filter(({ state }) => state !== 'made' && state !== 'present')).toEqual([]);
    expect(rows.map(({ study }) => study).sort()).toEqual([...fleet.studies].sort());
    let doubles = 0;
    for (const { study, series } of rows) {
      const listed = await seriesOfStudy(fleet.pacs, study);
      const made = listed.filter(({ SeriesDescription }) => SeriesDescription.startsWith('SYNTHETIC'));
      expect(made).toMatchObject([{ SeriesInstanceUID: series[0], instances: smallSeries.dims[2] }]);
      doubles += made.length - 1;
    }
    expect(await everythingIn(fleet.redis.url)).not.toMatch(/PHANTOM|AX T1|20260101/);
    const takenOver = rows.reduce((sum, row) => sum + row.takenOver, 0);
    // Kills that meet nobody at work try nothing.
    expect(underWay).toBeGreaterThan(0);
    expect(takenOver).toBeGreaterThan(0);

    // The killed ones' files are removed by the next; those who live remove their own.
    start();
    const left = async () => (await readdir(fleet.temporary)).filter(name => name.startsWith('modality-'));
    for (let tries = 0; tries < 100 && (await left()).length > 0; tries++) await passed(200);
    expect(await left()).toEqual([]);
    const made = rows.filter(({ state }) => state === 'made').length;
    console.log(
      `${STUDIES} studies, ${kills} kills, ${underWay} of them of a worker with a study: ${made} made, ` +
        `${rows.length - made} found made, taken over ${takenOver} times, ${doubles} doubles, ${seconds.toFixed(0)} s`,
    );
  },
  3_600_000,
);

/** Waits until a study is at work, or none is left. */
async function workStarted(fleet: LocalFleet): Promise<void> {
  for (;;) {
    const { active, counts } = await fleet.status(QUEUE);
    if (active.length > 0 || counts.waiting === 0) return;
    await passed(100);
  }
}
