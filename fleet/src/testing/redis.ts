/** A Redis of a test's own, whose data outlive it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { Redis } from 'ioredis';

export interface RunningRedis {
  url: string;
  /** Kills the process and starts another with the same data. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** @param folder for its data */
export async function startRedis(folder: string, port: number): Promise<RunningRedis> {
  await mkdir(folder, { recursive: true });
  const url = `redis://127.0.0.1:${port}`;
  let child: ChildProcess | undefined;
  const close = async () => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exit = new Promise(resolve => child!.once('exit', resolve));
    child.kill('SIGKILL');
    await exit;
  };
  const restart = async () => {
    await close();
    const persistent = ['--appendonly', 'yes', '--appendfsync', 'always', '--dir', folder];
    const args = ['--port', String(port), '--bind', '127.0.0.1', ...persistent];
    child = spawn('redis-server', args, { stdio: 'ignore' });
    const client = new Redis(url, { retryStrategy: () => 50, maxRetriesPerRequest: null });
    client.on('error', () => {});
    await client.ping();
    client.disconnect();
  };
  await restart();
  return { url, restart, close };
}

/** Every key of a Redis with all that it holds, as one text. */
export async function everythingIn(url: string): Promise<string> {
  const client = new Redis(url);
  try {
    const dumps: unknown[] = [];
    for (const key of await client.keys('*')) dumps.push(key, await contentOf(client, key));
    return JSON.stringify(dumps);
  } finally {
    client.disconnect();
  }
}

async function contentOf(client: Redis, key: string): Promise<unknown> {
  switch (await client.type(key)) {
    case 'string':
      return client.get(key);
    case 'hash':
      return client.hgetall(key);
    case 'list':
      return client.lrange(key, 0, -1);
    case 'set':
      return client.smembers(key);
    case 'zset':
      return client.zrange(key, '0', '-1');
    case 'stream':
      return client.xrange(key, '-', '+');
    default:
      throw new RangeError(`What is ${key}?`);
  }
}
