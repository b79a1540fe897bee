import { existsSync } from 'node:fs';
import { inAll } from '../soak/memory';
import { type Sample, SETTLED, soak } from '../soak/soak';
import { tinyBundle } from './support/SynthesisPage';
import { expect, test } from './support/test';

for (const [name, jobs] of [
  ['twelve', 12],
  ['a hundred', 100],
] as const)
  test(`${name} results that are made and rejected leave the page as large as three do${jobs > 12 ? ' @long' : ''}`, async ({
    viewer,
    phantom,
  }) => {
    test.skip(!existsSync('/proc/self/smaps_rollup'), 'only Linux tells the memory of a process');
    test.setTimeout(jobs * 60_000);
    const { viewer: running } = await viewer({ studies: [await phantom()], appConfig: tinyBundle });
    const samples = await soak('reject', jobs, running);
    expect(samples).toHaveLength(jobs + 1);
    // The browser collects in the background: the smallest of three.
    const growth = (value: (sample: Sample) => number) =>
      Math.min(...samples.slice(-3).map(value)) / value(samples[SETTLED]);
    expect(growth(inAll)).toBeLessThan(1.05);
    expect(growth(({ processes }) => processes.renderer)).toBeLessThan(1.05);
    expect(growth(({ pageBuffers }) => pageBuffers)).toBeLessThan(1.05);
    // Some of it is code that was compiled since; a result that stays is 5 MB.
    expect((samples[jobs].pageHeap - samples[SETTLED].pageHeap) / (jobs - SETTLED)).toBeLessThan(0.6);
    expect(growth(({ workerHeaps }) => workerHeaps)).toBeLessThan(1.1);
    expect(growth(({ textures }) => textures)).toBe(1);
    expect(growth(({ nodes }) => nodes)).toBeLessThan(1.05);
    // OHIF adds some to a viewport's element for each series that it shows, and a result is two changes.
    const added = samples[jobs].listeners - samples[SETTLED].listeners;
    expect(added / (jobs - SETTLED)).toBeLessThan(20);
  });
