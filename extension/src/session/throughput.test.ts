import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { settings } from '../testing/session';
import { loadThroughput, saveThroughput } from './throughput';

const [one, other] = ['ab', 'cd'].map(digits => ({ sha256: digits.repeat(32), settings }));

beforeEach(() => {
  const kept = new Map<string, string>();
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
  });
});
afterEach(() => void vi.unstubAllGlobals());

it('is that of the model, else that of the last one on the same backend', () => {
  expect(loadThroughput(one)).toBeUndefined();
  saveThroughput(one, 2e10);
  expect(loadThroughput(other)).toBe(2e10);
  saveThroughput(other, 4e10);
  expect(loadThroughput(one)).toBe(2e10);
  expect(loadThroughput({ ...one, settings: { ...settings, provider: 'webgpu' } })).toBeUndefined();
});

it('is unknown where the page has no storage', () => {
  vi.stubGlobal('localStorage', undefined);
  saveThroughput(one, 2e10);
  expect(loadThroughput(one)).toBeUndefined();
});
