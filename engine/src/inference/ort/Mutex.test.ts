import { describe, expect, it } from 'vitest';
import { Mutex } from './Mutex';

const soon = () => new Promise<void>(resolve => setTimeout(resolve));

describe('Mutex', () => {
  it('runs one task at a time, in order', async () => {
    const mutex = new Mutex();
    const log: string[] = [];
    const task = (name: string, turns: number) => async () => {
      log.push(`${name} starts`);
      for (let n = 0; n < turns; n++) await soon();
      log.push(`${name} ends`);
      return name;
    };
    const results = await Promise.all([
      mutex.run(task('a', 3)),
      mutex.run(task('b', 0)),
      mutex.run(task('c', 1)),
    ]);
    expect(results).toEqual(['a', 'b', 'c']);
    expect(log).toEqual(['a starts', 'a ends', 'b starts', 'b ends', 'c starts', 'c ends']);
  });

  it('goes on after a task that failed', async () => {
    const mutex = new Mutex();
    const failing = mutex.run(() => Promise.reject(new Error('no')));
    const next = mutex.run(async () => 1);
    await expect(failing).rejects.toThrow('no');
    await expect(next).resolves.toBe(1);
  });

  it('goes on after a task that threw at once', async () => {
    const mutex = new Mutex();
    const throwing = mutex.run(() => {
      throw new Error('at once');
    });
    await expect(throwing).rejects.toThrow('at once');
    await expect(mutex.run(async () => 2)).resolves.toBe(2);
  });
});
