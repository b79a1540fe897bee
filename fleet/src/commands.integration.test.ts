import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { hasTool, temporaryFolder } from '@modality-synthesis/engine/testing/tools';
import { freePort } from '@modality-synthesis/viewer/childServer';
import { Worker } from 'bullmq';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { main } from './cli';
import { openQueue } from './queue/openQueue';
import { type RunningRedis, startRedis } from './testing/redis';
import { settings } from './testing/settings';

describe.runIf(hasTool('redis-server'))('commands, with Redis (skipped where it is not installed)', () => {
  let redis: RunningRedis;
  let cleanUp: () => Promise<void>;
  beforeAll(async () => {
    const { folder, ...made } = await temporaryFolder();
    ({ cleanUp } = made);
    redis = await startRedis(path.join(folder, 'redis'), await freePort());
  });
  afterAll(async () => {
    await redis?.close();
    await cleanUp();
  });

  const said = async (command: string, ...args: string[]) => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => {});
    const code = await main([command, '--redis', redis.url, ...args]);
    const text = log.mock.calls.flat().join('\n');
    log.mockRestore();
    expect(code).toBe(0);
    return text;
  };
  /** A queue with a study for each priority. */
  const queueOf = async (name: string, priorities: readonly number[]) => {
    const queue = openQueue({ redis: redis.url, queue: name });
    onTestFinished(() => queue.close());
    for (const [n, priority] of priorities.entries()) {
      const data = { study: `1.${n}`, pacs: 'http://pacs', settings: settings() };
      await queue.add('study', data, { jobId: `study-${n}`, priority });
    }
  };
  /** Does nothing with the studies of a queue; which it had so far. */
  const idleWorker = (queue: string): string[] => {
    const had: string[] = [];
    const work = async ({ data }: { data: { study: string } }) => {
      had.push(data.study);
      return { state: 'made', series: [] };
    };
    const worker = new Worker(queue, work, { connection: { url: redis.url, maxRetriesPerRequest: null } });
    onTestFinished(() => worker.close());
    return had;
  };

  it('pauses and resumes; the first in priority is done first', async () => {
    const address = ['--queue', 'paused'];
    await queueOf('paused', [1000, 1, 1000, 500]);
    expect(await said('pause', ...address)).toMatch(/^Paused/);
    const had = idleWorker('paused');
    await sleep(500);
    expect(had).toEqual([]);
    expect(await said('status', ...address)).toMatch(/^4 studies: 4 waiting[\s\S]*1 workers, paused/);
    await said('resume', ...address);
    await vi.waitFor(() => expect(had).toEqual(['1.1', '1.3', '1.0', '1.2']));
    await vi.waitFor(async () => {
      const { counts, paused } = JSON.parse(await said('status', '--json', ...address));
      expect([counts.made, paused]).toEqual([4, false]);
    });
    const [header, ...rows] = (await said('report', ...address)).split('\r\n');
    expect(header).toBe('study,state,code,targets,series,attempts,seconds,finished');
    expect(rows.map(row => row.split(',')[1])).toEqual(['made', 'made', 'made', 'made']);
  });

  it('begins no more studies a minute than it is told', async () => {
    const address = ['--queue', 'limited'];
    await queueOf('limited', [1000, 1000, 1000, 1000]);
    await said('limit', '--studies-a-minute', '2', ...address);
    const had = idleWorker('limited');
    await vi.waitFor(() => expect(had).toHaveLength(2));
    await sleep(500);
    expect(had).toHaveLength(2);
  });
});
