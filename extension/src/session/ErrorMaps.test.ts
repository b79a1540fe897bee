import type { CompactErrors, ErrorMap } from '@modality-synthesis/engine';
import { mat4 } from 'gl-matrix';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { ErrorMaps } from './ErrorMaps';

const grid = { dims: [2, 1, 1], indexToWorld: mat4.create() } satisfies Pick<
  ErrorMap['volume'],
  'dims' | 'indexToWorld'
>;
/** Errors of 0 and 0.4; white matter is 0.8. */
const errors: CompactErrors = {
  ...grid,
  roots: Uint8Array.of(0, 255),
  largest: 0.4,
  mean: 0.2,
  full: 0.8,
  unit: 'white-matter',
};
const inArchive: ErrorMap = { volume: { ...grid, data: new Float32Array(2) }, unit: 'range' };

const stored = vi.fn<(SeriesInstanceUID: string) => Promise<ErrorMap | undefined>>();
let maps: ErrorMaps;
beforeEach(() => {
  stored.mockReset().mockResolvedValue(undefined);
  maps = new ErrorMaps(stored);
});

describe('ErrorMaps', () => {
  it('makes the map of a result once', async () => {
    maps.add('one', errors, grid);
    const map = await maps.of('one');
    expect([...map.volume.data]).toEqual([0, 50]);
    expect(await maps.of('one')).toBe(map);
    expect(stored).not.toHaveBeenCalled();
  });

  it('keeps where something cannot be told', async () => {
    const text = 'Enhancement cannot be told here.';
    maps.add('one', { ...errors, region: { mask: Uint8Array.of(0, 1), text } }, grid);
    expect((await maps.of('one')).region).toEqual({ mask: Uint8Array.of(0, 1), text });
  });

  it('keeps how probable lesions are', async () => {
    const lesions = { any: Uint8Array.of(0, 255), enhancing: Uint8Array.of(0, 51) };
    maps.add('one', { ...errors, lesions }, grid);
    const { any, enhancing } = (await maps.of('one')).lesions!;
    expect([...any.data]).toEqual([0, 1]);
    expect(enhancing!.data[1]).toBeCloseTo(0.2, 6);
  });

  it('keeps the few that were asked for last, and can make the others again', async () => {
    const all = ['1', '2', '3', '4', '5'];
    for (const uid of all) maps.add(uid, errors, grid);
    const first = await maps.of('1');
    for (const uid of all) await maps.of(uid);
    expect(await maps.of('1')).not.toBe(first);
    expect(await maps.of('1')).toEqual(first);
  });

  it('forgets what was removed', async () => {
    maps.add('one', errors, grid);
    await maps.of('one');
    maps.remove('one');
    await expect(maps.of('one')).rejects.toMatchObject({ code: 'no-error-map' });
  });

  it('reads from the archive what is no result of this session', async () => {
    stored.mockResolvedValue(inArchive);
    expect(await maps.of('other')).toBe(inArchive);
    expect(await maps.of('other')).toBe(inArchive);
    expect(stored.mock.calls).toEqual([['other']]);
  });

  it('tries again after a failure', async () => {
    stored.mockRejectedValueOnce(new Error('offline')).mockResolvedValue(inArchive);
    await expect(maps.of('other')).rejects.toThrow('offline');
    expect(await maps.of('other')).toBe(inArchive);
  });
});
