import { beforeEach, describe, expect, it } from 'vitest';
import { version } from '../../package.json';
import { readRecord } from '../dicom/record';
import { STORED_UNIT } from '../dicom/storedImage';
import { DOMAINS } from '../domains';
import { METHODS } from '../methods';
import { bundleName, completeOptions } from '../models';
import type { Step } from '../progress';
import { makePlan } from '../series/plan';
import type { StudySeries } from '../series/StudySeries';
import { head } from '../testing/head';
import { gridOfSteps, sampled } from '../testing/linear';
import { referenceInstances } from '../testing/reference';
import { series } from '../testing/series';
import { TinyBackends, tinyModels } from '../testing/tinyBackends';
import type { RunOptions } from './Executor';
import type { Job } from './Job';
import { LocalExecutor } from './LocalExecutor';
import { makeErrorMap } from './makeErrorMap';
import { makeSeries } from './makeSeries';
import { type MeasuredSources, measureSources } from './measureSources';

const SLICES = 44;
const grid = gridOfSteps([40, 48, SLICES], [4, 0, 0], [0, 4, 0], [0, 0, 4], [-75, -100, -75]);
const t1 = series('AX T1', { images: SLICES, SeriesNumber: 907 });
/** Last image first, as a study may hold them. */
const images = referenceInstances(SLICES, {
  Rows: 48,
  Columns: 40,
  PixelSpacing: [4, 4],
  ImageOrientationPatient: [1, 0, 0, 0, 1, 0],
})
  .map((image, k) => ({ instance: { ...image, ImagePositionPatient: [-75, -100, 4 * k - 75] } }))
  .reverse();
const study = { images: () => images, readVolume: async () => sampled(grid, head) };
const models = await tinyModels();
const job: Job<StudySeries> = {
  plan: { ...makePlan('S', [t1], new Map()), reference: 't1' },
  models,
  targets: [{ id: 'flair' }, { id: 't2', parameters: { dose: 0.1 } }],
  options: completeOptions(models.synthesis),
  seed: 17,
  placement: { backend: 'auto', precision: 'fp16' },
};

let backends: TinyBackends;
let measured: MeasuredSources;
let steps: Step[];
let run: RunOptions;
beforeEach(async () => {
  backends = new TinyBackends();
  const executor = new LocalExecutor(backends.networks());
  measured = await measureSources(job, { study, executor }, {});
  steps = [];
  run = { onStep: step => steps.push(step) };
});

describe('makeSeries', () => {
  it('makes a series for each target on the images of the reference', async () => {
    const made = await makeSeries(job, measured, study, run);
    expect(made.settings).toMatchObject({ provider: 'webgpu', precision: 'fp32' });
    expect(made.series.map(({ derivation }) => derivation.target)).toEqual(['flair', 't2']);
    const [one, two] = made.series.map(({ datasets }) => datasets);
    expect([one[0].SeriesNumber, two[0].SeriesNumber]).toEqual([908, 909]);
    for (const { datasets, SeriesInstanceUID } of made.series) {
      expect(new Set(datasets.map(d => d.SeriesInstanceUID))).toEqual(new Set([SeriesInstanceUID]));
      expect(datasets.map(d => d.ImagePositionPatient)).toEqual(
        images.map(({ instance }) => instance.ImagePositionPatient).reverse(),
      );
      const most = datasets.flatMap(d => [...new Uint16Array(d.PixelData as ArrayBuffer)]);
      expect(most.reduce((a, b) => Math.max(a, b))).toBe(0.5 * STORED_UNIT);
    }
    expect(made.series[0].SeriesInstanceUID).not.toBe(made.series[1].SeriesInstanceUID);
    expect(new Set(steps.map(s => s.stage))).toEqual(new Set(['download', 'check', 'prepare', 'method']));
  });

  it('makes the same series again of a repeatable job, but for what changes it', async () => {
    const begun = new Date('2026-03-04T05:06:07');
    const identities = async (more: Partial<Job<StudySeries>> = {}) => {
      const again = await measureSources(
        job,
        { study, executor: new LocalExecutor(backends.networks()) },
        {},
      );
      const made = await makeSeries({ ...job, repeatable: begun, ...more }, again, study, {});
      return made.series.flatMap(({ datasets }) =>
        datasets.map(d => [d.SeriesInstanceUID, d.SOPInstanceUID, d.ContentDate, d.ContentTime].join(' ')),
      );
    };
    const first = await identities();
    expect(new Set(first).size).toBe(2 * SLICES);
    expect(first[0]).toMatch(/ 20260304 050607$/);
    expect(await identities()).toEqual(first);
    const once = await identities({ repeatable: undefined });
    expect(once.filter(identity => first.includes(identity))).toEqual([]);
  });

  it('records everything that made it, in each image', async () => {
    const { series: made } = await makeSeries(job, measured, study, {});
    const { derivation, datasets } = made[1];
    expect(derivation).toEqual({
      domain: 'brain-mr',
      target: 't2',
      parameters: { dose: 0.1 },
      lesions: { any: expect.any(Number), enhancing: expect.any(Number) },
      sources: [
        {
          role: 't1',
          SeriesInstanceUID: 'uid AX T1',
          images: SLICES,
          uids: expect.stringMatching(/^[0-9a-f]{64}$/),
          sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
        },
      ],
      reference: 't1',
      registration: [],
      bundle: bundleName(models.synthesis),
      region: bundleName(models.region),
      method: { id: 'cdm', options: {} },
      seed: 17,
      runtime: 'onnxruntime-web',
      provider: 'webgpu',
      precision: 'fp32',
      softwareVersion: version,
    });
    for (const dataset of datasets) expect(readRecord(dataset, METHODS, DOMAINS)).toEqual(derivation);
    // Every class is as probable as the others.
    const { any, enhancing } = derivation.lesions!;
    expect(any).toBeGreaterThan(1);
    expect(enhancing! / any).toBeCloseTo(1 / 2, 2);
    expect(made[0].derivation.parameters).toBeUndefined();
    expect(made[0].derivation.sources).toEqual(measured.records);
  });

  it('records what the bundle says of a target, in each image, and tells it in words', async () => {
    const caution = 'Enhancement is not predicted.';
    const manifest = {
      ...models.synthesis.manifest,
      targets: { flair: { default: false, caution }, t1: { default: true, caution: 'Another.' } },
    };
    const synthesis = { ...models.synthesis, manifest };
    const careful = { ...job, models: { ...models, synthesis } };
    const [flair, t2] = (await makeSeries(careful, measured, study, {})).series;
    expect([flair.derivation.caution, t2.derivation.caution]).toEqual([caution, undefined]);
    for (const dataset of flair.datasets) {
      expect(readRecord(dataset, METHODS, DOMAINS)?.caution).toBe(caution);
      expect(dataset.DerivationDescription).toContain(caution);
    }
    expect(t2.datasets[0].DerivationDescription).not.toContain('Another.');
  });

  it('records the provider on which the networks ran in the end', async () => {
    backends.failing = { webgpu: 'run' };
    const { series: made, settings } = await makeSeries(job, measured, study, {});
    expect(settings.provider).toBe('wasm');
    expect(made[0].derivation.provider).toBe('wasm');
  });

  it('leaves the expected errors for a later step, on the grid that it tells', async () => {
    const { series: made } = await makeSeries(job, measured, study, {});
    const errors = await measured.open.errors({}, {});
    for (const { derivation, grid } of made) {
      const kept = errors.get(derivation.target)!;
      expect(kept.mean).toBeCloseTo(0.1, 5);
      const { volume } = await makeErrorMap(kept, grid);
      expect(volume.data.reduce((most, percent) => Math.max(most, percent))).toBeCloseTo(10, 1);
    }
  });

  it('sends the executor nothing but data', async () => {
    const synthesize: MeasuredSources['open']['synthesize'] = (input, options) =>
      measured.open.synthesize(structuredClone(input), options);
    const made = await makeSeries(job, { ...measured, open: { ...measured.open, synthesize } }, study, {});
    expect(made.series).toHaveLength(2);
  });

  it('keeps no network of a backend that failed', async () => {
    backends.failing = { webgpu: 'run', wasm: 'run' };
    await expect(makeSeries(job, measured, study, {})).rejects.toMatchObject({ code: 'inference-failed' });
    expect(backends.open.size).toBe(0);
  });

  it('derives nothing after a cancel', async () => {
    const controller = new AbortController();
    const synthesize: MeasuredSources['open']['synthesize'] = async (input, options) => {
      const outcome = await measured.open.synthesize(input, { ...options, signal: undefined });
      controller.abort();
      return outcome;
    };
    const open = { ...measured.open, synthesize };
    const unread = { images: () => expect.fail('The images are not read.') };
    await expect(
      makeSeries(job, { ...measured, open }, unread, { signal: controller.signal }),
    ).rejects.toMatchObject({ code: 'cancelled' });
  });
});
