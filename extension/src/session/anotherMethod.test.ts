import { createHash } from 'node:crypto';
import {
  DOMAINS,
  identityOf,
  METHODS,
  type ModelLookUp,
  readRecord,
  type Volume,
} from '@modality-synthesis/engine';
import { coded } from '@modality-synthesis/engine/testing/coded';
import { head } from '@modality-synthesis/engine/testing/head';
import { gridOfSteps, sampled } from '@modality-synthesis/engine/testing/linear';
import { leastSquares } from '@modality-synthesis/engine/testing/methods/leastSquares/leastSquares';
import { tinyLeastSquares } from '@modality-synthesis/engine/testing/methods/leastSquares/tinyBundle';
import { fakeBrain, tinyBrainManifest } from '@modality-synthesis/engine/testing/tinyBrain';
import type { ModelPlace } from '@modality-synthesis/engine/web';
import { mat4 } from 'gl-matrix';
import { expect, it, vi } from 'vitest';
import type { Backend } from '../../../engine/src/backends/Backend';
import { Networks } from '../../../engine/src/backends/Networks';
import { completeOptions, openModels } from '../../../engine/src/models';
import { LocalExecutor } from '../../../engine/src/pipeline/LocalExecutor';
import { maskedMean } from '../../../engine/src/volume/statistics';
import { message } from '../i18n/message';
import { imagesOn, series } from '../testing/series';
import { parseConfiguration } from './configuration';
import { SynthesisService } from './SynthesisService';
import type { EnginePort, StudySeries, ViewerPort } from './ViewerPort';

const run = vi.fn(leastSquares.run);
const methods = [...METHODS, { ...leastSquares, run }];
const volume: Volume = sampled(
  gridOfSteps([40, 48, 44], [4, 0, 0], [0, 4, 0], [0, 0, 4], [-75, -100, -75]),
  head,
);
/** The same head, 9 mm further back by its header. */
const moved = { ...volume, indexToWorld: mat4.fromTranslation(mat4.create(), [0, 9, 0]) };
mat4.multiply(moved.indexToWorld, moved.indexToWorld, volume.indexToWorld);
const onnx = new Uint8Array([1, 2, 3]);
const brainManifest = tinyBrainManifest();
brainManifest.networks.brain.flops = 1e6;
brainManifest.files.fp32.brain.sha256 = createHash('sha256').update(onnx).digest('hex');

const reader = (folder: string) => async (file: string) => {
  if (file !== 'bundle.json') return onnx;
  const manifest = folder.includes('brain') ? brainManifest : tinyLeastSquares();
  return new TextEncoder().encode(JSON.stringify(manifest));
};
const settings: ModelLookUp['settings'] = {
  runtime: 'onnxruntime-web',
  provider: 'wasm',
  precision: 'fp32',
  threads: 1,
  text: message('provider/processor', { count: 1 }),
};
const backend: Backend = {
  id: 'wasm',
  selfTest: false,
  settings: async () => settings,
  start: async () => ({ load: async () => fakeBrain }),
};

/** The engine itself, in this process; only the brain's network is a fake. */
class LocalEngine extends LocalExecutor implements EnginePort {
  async lookUp({ options, ...where }: ModelPlace): Promise<ModelLookUp> {
    const models = await openModels(where, reader, undefined, methods);
    return { models, options: completeOptions(models.synthesis, options), settings, isStored: () => false };
  }
  keptModels = async () => [];
  removeModel = async () => {};
}

const [t1, t2] = ['T1', 'T2'].map(description => series(description, { images: 44 }));
const volumeOf = (one: StudySeries) => (one.id === t2.id ? moved : volume);
const viewer = {
  activeStudy: () => 'S',
  series: () => [t1, t2],
  images: (one: StudySeries) => imagesOn(volumeOf(one), one),
  readVolume: async (one: StudySeries) => volumeOf(one),
  addSeries: vi.fn<ViewerPort['addSeries']>(async () => {}),
  hasSeries: () => true,
  restoreSeries: vi.fn(),
  storeSeries: vi.fn(async () => 1),
  storeErrorMap: vi.fn(async () => {}),
  readErrorMap: vi.fn(async () => undefined),
  removeSeries: vi.fn(async () => {}),
  downloadSeries: vi.fn(async () => {}),
  addReport: vi.fn<ViewerPort['addReport']>(),
  printReport: vi.fn(async () => {}),
  show: vi.fn(),
  compared: () => undefined,
  picture: async () => '',
  shownPosition: () => undefined,
  amendSeries: vi.fn(),
  showCheck: vi.fn(),
  notify: vi.fn(),
} satisfies ViewerPort;

it('offers the parameters of a second method, runs it and tells what it says', async () => {
  const service = new SynthesisService(
    viewer,
    new LocalEngine(new Networks([backend], { reader }), methods),
    { bundle: 'https://site/b/', regionBundle: 'https://site/brain/' },
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
  const [datasets] = viewer.addSeries.mock.calls[0];
  // T1 is normalized to 0 .. 1 in the brain, then 0.5 * (0.5 * T1 + 0.1); 1 is stored as 4096.
  const stored = datasets.flatMap(({ PixelData }) => [...new Uint16Array(PixelData as ArrayBuffer)]);
  expect(Math.max(...stored.map(v => v / 4096))).toBeCloseTo(0.3, 1);
  const record = readRecord(datasets[0], methods, DOMAINS);
  expect(record).toMatchObject({
    target: 't1ce',
    parameters: { gain: 0.5 },
    method: { id: 'least-squares', options: { rank: 1 } },
  });
  expect(record?.registration).toMatchObject([{ role: 't2' }]);
  expect(record?.registration?.[0].transform?.[13]).toBeCloseTo(-9, 0);
  // The registered sources show the same head at the same place; unregistered they differ by 0.06.
  const { sources, region } = run.mock.calls[0][0];
  const apart = sources.get('t1')!.data.map((v, i) => Math.abs(v - sources.get('t2')!.data[i]));
  expect(maskedMean(apart, region)).toBeLessThan(0.01);
  const [{ details }] = service.getState().results;
  expect(coded(details)).toEqual([
    ['Rank of the source', '1'],
    ['Gain', '0.5, "x"'],
  ]);
});
