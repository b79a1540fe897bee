import { describe, expect, it } from 'vitest';
import { derivation } from '../testing/derivation';
import { repeatableUids } from './repeatableUids';

const made = derivation();
const [source, ...sources] = made.sources;

describe('repeatableUids', () => {
  it('are the same for the same record, wherever and whenever it was made', async () => {
    const uids = await repeatableUids('1.2', made, 3);
    const elsewhere = derivation({ runtime: 'onnxruntime-web', provider: 'webgpu', softwareVersion: '9' });
    expect(await repeatableUids('1.2', elsewhere, 3)).toEqual(uids);
    const options = Object.fromEntries(Object.entries(made.method.options).reverse());
    const reordered = derivation({ method: { ...made.method, options } });
    expect(await repeatableUids('1.2', reordered, 3)).toEqual(uids);
    expect(new Set(uids).size).toBe(4);
    // Another number of images leaves the series what it is.
    expect((await repeatableUids('1.2', made, 1))[0]).toBe(uids[0]);
  });

  it.each<[string, Partial<typeof made>]>([
    ['target', { target: 't2' }],
    ['parameter', { parameters: { dose: 0.1 } }],
    ['source', { sources: [{ ...source, sha256: '3'.repeat(64) }, ...sources] }],
    ['reference', { reference: 'flair' }],
    ['bundle', { bundle: { ...made.bundle, sha256: '4'.repeat(64) } }],
    ['bundle of the region', { region: { ...made.region, sha256: '4'.repeat(64) } }],
    ['option', { method: { id: 'cdm', options: { paths: 5 } } }],
    ['seed', { seed: 18 }],
    ['precision', { precision: 'fp16' }],
    ['range of slices', { slices: { from: 3, to: 5 } }],
  ])('are others for another %s', async (_, change) => {
    const [series] = await repeatableUids('1.2', made, 1);
    expect((await repeatableUids('1.2', derivation(change), 1))[0]).not.toBe(series);
  });

  it('are UIDs of a UUID of version 8', async () => {
    for (const uid of await repeatableUids('1.2', made, 20)) {
      expect(uid).toMatch(/^2\.25\.[1-9]\d{0,38}$/);
      const hex = BigInt(uid.slice(5)).toString(16).padStart(32, '0');
      expect(hex).toMatch(/^.{12}8.{3}[89ab]/);
    }
  });
});
