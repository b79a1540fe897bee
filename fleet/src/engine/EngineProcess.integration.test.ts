import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { temporaryFolder } from '@modality-synthesis/engine/testing/tools';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { settings } from '../testing/settings';
import { EngineProcess } from './EngineProcess';
import type { EngineRequest } from './messages';

/** Answers with its process, except for studies that end it: at once, or after the answer. */
const STAND_IN = `process.on('message', ({ study }) => {
  if (study === 'breaks') process.kill(process.pid, 'SIGKILL');
  if (study === 'ends') setTimeout(() => process.exit(), 50);
  process.send({ progress: 0.5 });
  process.send({ series: [{ target: 'flair', SeriesInstanceUID: String(process.pid) }] });
});`;

let script: string;
let cleanUp: () => Promise<void>;
beforeAll(async () => {
  const { folder, ...made } = await temporaryFolder();
  script = path.join(folder, 'engine.mjs');
  ({ cleanUp } = made);
  await writeFile(script, STAND_IN);
});
afterAll(() => cleanUp());

function started() {
  const engine = new EngineProcess(script);
  onTestFinished(() => engine.end());
  return async (study: string) => {
    const job = { study: '1.2', pacs: 'http://pacs', settings: settings() };
    const request: EngineRequest = { job, study, out: '', provider: 'cpu' };
    const outcome = await engine.run(
      request,
      () => {},
      () => {},
    );
    return 'series' in outcome ? outcome.series[0].SeriesInstanceUID : '';
  };
}

describe('EngineProcess', () => {
  it('is kept for the next study', async () => {
    const run = started();
    expect(await run('first')).toBe(await run('second'));
  });

  it('fails what may pass when it breaks, and another does the next study', async () => {
    const run = started();
    const first = await run('first');
    await expect(run('breaks')).rejects.toMatchObject({ code: 'engine-crashed', mayPass: true });
    expect(await run('next')).not.toBe(first);
  });

  it('is replaced where it ended between two studies', async () => {
    const run = started();
    const first = await run('ends');
    await sleep(500);
    expect(await run('next')).not.toBe(first);
  });
});
