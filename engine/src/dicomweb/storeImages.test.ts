import { beforeEach, describe, expect, it } from 'vitest';
import { StoreFailure, type StoreFailureKind } from './StoreFailure';
import { type Archive, storeImages } from './storeImages';

const UIDS = ['1', '2', '3'];
const images = UIDS.map(SOPInstanceUID => ({
  SOPInstanceUID,
  read: async () => new TextEncoder().encode(SOPInstanceUID).buffer as ArrayBuffer,
}));

/** Keeps what is sent; fails as the test says, before or after it has kept the image. */
class TestArchive implements Archive {
  readonly kept: string[] = [];
  /** By the number of the request, from 1. */
  readonly faults = new Map<number, { kind: StoreFailureKind; afterKeeping?: boolean }>();
  hidden = 0;
  requests = 0;

  async send(file: ArrayBuffer): Promise<void> {
    const fault = this.faults.get(++this.requests);
    if (fault && !fault.afterKeeping) throw new StoreFailure(fault.kind);
    this.kept.push(new TextDecoder().decode(file));
    if (fault) throw new StoreFailure(fault.kind);
  }

  async list(): Promise<Set<string>> {
    const late = this.kept.length === UIDS.length && this.hidden-- > 0;
    return new Set(late ? [] : this.kept);
  }
}

let archive: TestArchive;
let done: number[];
const store = (delays: number[] = [0, 0]) => storeImages(images, archive, delays, n => done.push(n));

beforeEach(() => {
  archive = new TestArchive();
  done = [];
});

describe('storeImages', () => {
  it('sends each image once, in order, and counts', async () => {
    await store();
    expect(archive.kept).toEqual(UIDS);
    expect(done).toEqual([1, 2, 3]);
  });

  it.each([500, 503, 429, 'timeout', 'connection'] as const)('tries again after %s', async kind => {
    archive.faults.set(2, { kind });
    await store();
    expect(archive.kept).toEqual(UIDS);
    expect(archive.requests).toBe(4);
  });

  it('does not send an image twice whose answer was lost', async () => {
    archive.faults.set(2, { kind: 'connection', afterKeeping: true });
    await store();
    expect(archive.kept).toEqual(UIDS);
    expect(archive.requests).toBe(3);
  });

  it.each([401, 403, 409, 413, 'refused', 'no-store'] as const)('stops at once after %s', async kind => {
    archive.faults.set(2, { kind });
    await expect(store()).rejects.toMatchObject({ kind });
    expect(archive.kept).toEqual(['1']);
    expect(archive.requests).toBe(2);
    expect(done).toEqual([1, 1]);
  });

  it('counts an image whose answer was lost for good', async () => {
    archive.faults.set(2, { kind: 'connection', afterKeeping: true });
    await expect(store([])).rejects.toMatchObject({ kind: 'connection' });
    expect(done).toEqual([1, 2]);
  });

  it('gives up after the last delay, and goes on where it was when called again', async () => {
    for (const n of [2, 3, 4]) archive.faults.set(n, { kind: 500 });
    await expect(store()).rejects.toMatchObject({ kind: 500 });
    expect(archive.requests).toBe(4);
    await store();
    expect(archive.kept).toEqual(UIDS);
  });

  it('waits for an archive that lists late', async () => {
    archive.hidden = 2;
    await store();
    expect(archive.kept).toEqual(UIDS);
  });

  it('fails when the archive never lists an image', async () => {
    archive.hidden = 99;
    await expect(store()).rejects.toMatchObject({ kind: 'not-listed' });
  });
});
