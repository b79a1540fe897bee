import { describe, expect, it } from 'vitest';
import type { Bundle } from '../bundle/loadBundle';
import type { Step } from '../progress';
import { tinyManifest } from '../testing/tinyManifest';
import { mulberry32 } from './mulberry32';
import type { Network, Tensor } from './Runtime';
import { selfTest } from './selfTest';

/** A bundle of two networks that add `bias` to twice their first input. */
function bundle(): Bundle {
  const manifest = tinyManifest();
  const uniform = mulberry32(manifest.self_test.seed);
  const first = Array.from({ length: 64 }, () => Math.fround(uniform()));
  for (const name of ['cunet-0', 'cunet-1']) {
    manifest.networks[name] = { inputs: { z: [4, 16], a: [3] }, outputs: { out: [64] }, flops: 0 };
    manifest.self_test.networks[name] = { out: Array.from({ length: 32 }, (_, i) => 2 * first[2 * i]) };
  }
  return { manifest, sha256: '', baseUrl: '' };
}

const doubling = (bias: number, output = 'out'): Network => ({
  async run({ z, a }): Promise<Record<string, Tensor>> {
    // One generator serves all inputs.
    expect(a.data[0]).not.toBe(z.data[0]);
    return { [output]: { dims: [64], data: z.data.map(v => 2 * v + bias) } };
  },
  async release() {},
});

const wanted = () => [{ bundle: bundle(), names: ['cunet-0', 'cunet-1'] }];

describe('selfTest', () => {
  it('accepts networks that compute what the training code did, and counts them', async () => {
    const steps: Step[] = [];
    await selfTest(
      wanted(),
      'fp32',
      () => doubling(1e-5),
      s => steps.push(s),
    );
    expect(steps).toEqual([1, 2].map(done => ({ stage: 'check', done, of: 2 })));
  });

  it.each([
    [1e-3, 'fp16', true],
    [1e-3, 'fp32', false],
    [0.1, 'fp16', false],
    [Number.NaN, 'fp16', false],
  ] as const)('of a difference of %d in %s thinks: good is %s', async (bias, precision, good) => {
    const running = selfTest(wanted(), precision, name => doubling(name === 'cunet-1' ? bias : 0));
    if (good) await running;
    else await expect(running).rejects.toMatchObject({ code: 'self-test-failed', message: /cunet-1/ });
  });

  it('refuses a network without the output', async () => {
    await expect(selfTest(wanted(), 'fp32', () => doubling(0, 'other'))).rejects.toThrow('cunet-0');
  });
});
