/**
 * Workers killed at random, Redis and the archive restarted among it: every study has its series exactly
 * once. In `npm run test:full` the whole of it; FLEET_STUDIES and FLEET_KILLS make it shorter or longer.
 */
import { readdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { hasTool } from '@modality-synthesis/engine/testing/tools';
import { findOrthanc } from '@modality-synthesis/viewer/orthanc';
import { expect, it, onTestFinished } from 'vitest';
import { killWorkers } from './testing/killWorkers';
import { smallStudies, startLocalFleet } from './testing/localFleet';
import { everythingIn } from './testing/redis';
import { smallSeries } from './testing/smallSeries';

const STUDIES = Number(process.env.FLEET_STUDIES ?? (process.env.FULL ? 200 : 2));
const KILLS = Number(process.env.FLEET_KILLS ?? (process.env.FULL ? 50 : 1));
const takeOver = process.env.FULL ? 5 : 2;
const isHere = findOrthanc() && hasTool('redis-server');

it.runIf(isHere)(
  `makes each of ${STUDIES} series once, though workers are killed ${KILLS} times`,
  async () => {
    const fleet = await startLocalFleet(smallStudies(STUDIES));
    onTestFinished(() => fleet.close());
    const [queue, images] = ['killing', smallSeries.dims[2]];
    await fleet.submit(queue);
    const { figures, rows } = await killWorkers(fleet, { queue, images, kills: KILLS, takeOver });
    console.log(JSON.stringify(figures));
    expect(rows.filter(({ state }) => state !== 'made' && state !== 'present')).toEqual([]);
    expect(rows.map(({ study }) => study).sort()).toEqual([...fleet.studies].sort());
    expect(figures).toMatchObject({ doubles: 0, wrongImages: 0 });
    // Kills that meet nobody at work try nothing.
    expect(figures.underWay).toBeGreaterThan(0);
    expect(figures.takenOver).toBeGreaterThan(0);
    expect(await everythingIn(fleet.redis.url)).not.toMatch(/PHANTOM|AX T1|20260101/);

    // The killed ones' files are removed by the next; those who live remove their own.
    fleet.startWorker(queue, takeOver);
    const left = async () => (await readdir(fleet.temporary)).filter(name => name.startsWith('modality-'));
    for (let tries = 0; tries < 100 && (await left()).length > 0; tries++) await sleep(200);
    expect(await left()).toEqual([]);
  },
  3_600_000,
);
