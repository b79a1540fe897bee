import type { PhantomSeries } from '@modality-synthesis/engine/testing/phantomStudy';
import { deviceLost } from './support/faults';
import { meet, openForFaults } from './support/meetFault';
import { tinyBundle } from './support/SynthesisPage';
import { expect, test } from './support/test';

/** Timeout for a slow software GPU, ms. */
const PATIENCE = 600_000;

/** One source with few slices, because the GPU is slow. */
const small: readonly PhantomSeries[] = [{ role: 't2', dims: [64, 80, 28], spacing: [2.8, 2.8, 6] }];

test('WebGPU agrees with WebAssembly within 1e-3 @long', async ({ viewer, phantom }) => {
  test.setTimeout(PATIENCE + 240_000);
  const app = await viewer({ studies: [await phantom(1, small)], appConfig: tinyBundle });
  const pixels = async (provider: string) => {
    await app.open({ query: `&synthesisProvider=${provider}` });
    await app.run.click();
    // A single source gives a warning.
    await app.acceptWarnings(PATIENCE);
    await app.finished(PATIENCE);
    const message = await app.message.innerText();
    return { message, ...(await app.readSeries('SYNTHETIC')) };
  };
  const gpu = await pixels('webgpu');
  const cpu = await pixels('wasm');
  expect(gpu.message).toMatch(/Runs on the GPU \(WebGPU, (half|single) precision\)/);
  expect(cpu.message).toContain('as configured');
  expect(Math.max(...cpu.pixels.slice(0, 100_000))).toBeGreaterThan(1000);
  const most = gpu.pixels.reduce((most, v, i) => Math.max(most, Math.abs(v - cpu.pixels[i])), 0) / 4096;
  console.log(`largest difference WebGPU to WebAssembly: ${most.toExponential(1)}`);
  // The bundle's tolerance for half precision, where the adapter supports it.
  expect(most).toBeLessThanOrEqual(gpu.message.includes('half') ? 1e-2 : 1e-3);
});

test('a software adapter is not used unless asked for', async ({ viewer, phantom }) => {
  const app = await viewer({ studies: [await phantom()], appConfig: tinyBundle });
  await app.open();
  await app.run.click();
  expect(await app.finished()).toBe('job/done');
  await expect(app.message).toContainText('Only a software GPU was found: runs on the processor');
});

test('a lost GPU device leaves the job to the processor, at each stage, three times @long', async ({
  viewer,
  phantom,
}) => {
  test.setTimeout(3_600_000);
  const open = await openForFaults(viewer, await phantom());
  for (const stage of deviceLost.stages!)
    for (let round = 1; round <= 3; round++)
      await test.step(`${stage}, ${round}`, () => meet(open, deviceLost, stage));
});
