import { createHash } from 'node:crypto';
import { identityOf, METHODS, type Volume } from '@modality-synthesis/engine';
import { coded } from '@modality-synthesis/engine/testing/coded';
import { head } from '@modality-synthesis/engine/testing/head';
import { gridOfSteps, sampled } from '@modality-synthesis/engine/testing/linear';
import { leastSquares } from '@modality-synthesis/engine/testing/methods/leastSquares/leastSquares';
import { tinyLeastSquares } from '@modality-synthesis/engine/testing/methods/leastSquares/tinyBundle';
import { fakeBrain, tinyBrainManifest } from '@modality-synthesis/engine/testing/tinyBrain';
import type { BrainJob, ModelPlace, RunOptions, WorkerJob } from '@modality-synthesis/engine/web';
import { expect, it, vi } from 'vitest';
import { completeOptions, openModels } from '../../../engine/src/models';
import type { JobContext } from '../../../engine/src/web/JobContext';
import { runBrainJob } from '../../../engine/src/web/runBrainJob';
import { runSynthesisJob } from '../../../engine/src/web/runSynthesisJob';
import { series } from '../testing/series';
import { parseConfiguration } from './configuration';
import { SynthesisService } from './SynthesisService';
import type { EnginePort, ViewerPort } from './ViewerPort';

const methods = [...METHODS, leastSquares];
const volume: Volume = sampled(
  gridOfSteps([40, 48, 44], [4, 0, 0], [0, 4, 0], [0, 0, 4], [-75, -100, -75]),
  head,
);
const onnx = new Uint8Array([1, 2, 3]);
const brainManifest = tinyBrainManifest();
brainManifest.networks.brain.flops = 1e6;
brainManifest.files.fp32.brain.sha256 = createHash('sha256').update(onnx).digest('hex');

/** The engine's own jobs in this process; the brain's network is a fake, and nothing is registered. */
class LocalEngine implements EnginePort {
  private readonly reader = (folder: string) => async (file: string) => {
    if (file !== 'bundle.json') return onnx;
    const manifest = folder.includes('brain') ? brainManifest : tinyLeastSquares();
    return new TextEncoder().encode(JSON.stringify(manifest));
  };
  private host({ signal, onStep = () => {}, onProvider = () => {} }: RunOptions): JobContext {
    return {
      environment: { crossOriginIsolated: false, hardwareConcurrency: 1 },
      reader: this.reader,
      createRuntime: async ({ provider }) => ({ provider, load: async () => fakeBrain }),
      onStep,
      onProvider,
      signal,
    };
  }
  align = async () => new Map();
  async lookUp({ options, ...where }: ModelPlace) {
    const models = await openModels(where, this.reader, undefined, methods);
    const decision = {
      provider: 'wasm',
      precision: 'fp32',
      threads: 1,
      text: { code: 'job/busy', params: {} },
    } as const;
    return {
      models,
      options: completeOptions(models.synthesis, options),
      provider: decision,
      stored: new Set<string>(),
    };
  }
  findBrain = (job: BrainJob, options: RunOptions) => runBrainJob(job, this.host(options));
  run = (job: WorkerJob, options: RunOptions) => runSynthesisJob(job, this.host(options), methods);
}

const viewer = {
  activeStudy: () => 'S',
  series: () => [series('T1'), series('T2')],
  grid: () => volume,
  readVolume: vi.fn(async () => volume),
  addSeries: vi.fn<ViewerPort['addSeries']>(() => 'made'),
  hasSeries: () => true,
  restoreSeries: vi.fn(),
  storeSeries: vi.fn(async () => 1),
  removeSeries: vi.fn(async () => {}),
  downloadSeries: vi.fn(async () => {}),
  show: vi.fn(),
  compare: vi.fn(),
  notify: vi.fn(),
} satisfies ViewerPort;

it('offers the parameters of a second method, runs it and tells what it says', async () => {
  const service = new SynthesisService(
    viewer,
    new LocalEngine(),
    { runtime: 'https://site/ort/', bundle: 'https://site/b/', brainBundle: 'https://site/brain/' },
    () => parseConfiguration({}, ''),
  );
  service.refresh();
  await vi.waitFor(() => expect(service.getState().controls).toHaveLength(1));
  const [control] = service.getState().controls;
  expect(control).toMatchObject({
    target: 't1ce',
    name: 'gain',
    value: 1,
    parameter: { min: 0.5, unit: 'x' },
  });
  service.selection.chooseParameter(control, 0.5);
  expect(service.getState().controls[0].value).toBe(0.5);
  await service.start();
  if (service.getState().job.status === 'waiting') {
    for (const { level, text } of service.getState().preflight!.checks)
      if (level === 'amber') service.acknowledge(identityOf(text), true);
    await service.start();
  }
  expect(service.getState().job).toMatchObject({ status: 'done' });
  const [made, , derivation] = viewer.addSeries.mock.calls[0];
  // T1 is normalized to 0 .. 1 in the brain, then 0.5 * (0.5 * T1 + 0.1).
  expect(Math.max(...made.data)).toBeCloseTo(0.3, 1);
  expect(derivation).toMatchObject({
    target: 't1ce',
    parameters: { gain: 0.5 },
    method: { id: 'least-squares', options: { rank: 1 } },
  });
  const [{ details }] = service.getState().results;
  expect(coded(details)).toEqual([
    ['Rank of the source', '1'],
    ['Gain', '0.5, "x"'],
  ]);
});
