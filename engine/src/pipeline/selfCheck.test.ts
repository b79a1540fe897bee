import { beforeAll, describe, expect, it } from 'vitest';
import { readRecord } from '../dicom/record';
import { DOMAINS } from '../domains';
import { METHODS } from '../methods';
import { completeOptions } from '../models';
import { type Progress, ProgressMeter, type Step } from '../progress';
import { makePlan } from '../series/plan';
import type { StudySeries } from '../series/StudySeries';
import { head } from '../testing/head';
import { gridOfSteps, sampled } from '../testing/linear';
import { referenceInstances } from '../testing/reference';
import { series } from '../testing/series';
import { TinyBackends, tinyModels } from '../testing/tinyBackends';
import type { Job } from './Job';
import { LocalExecutor } from './LocalExecutor';
import { makeSeries } from './makeSeries';
import { type MeasuredSources, measureSources } from './measureSources';
import { NOT_COMPARED } from './remakeSources';
import { checkObstacle, selfCheck } from './selfCheck';
import { differenceColour, selfCheckSeries } from './selfCheckSeries';

const SLICES = 44;
const grid = gridOfSteps([40, 48, SLICES], [4, 0, 0], [0, 4, 0], [0, 0, 4], [-75, -100, -75]);
const acquired = ['AX T1', 'AX T2', 'AX FLAIR'].map((name, n) =>
  series(name, { images: SLICES, SeriesNumber: n + 1 }),
);
const imagesOf = ({ SeriesInstanceUID }: StudySeries) =>
  referenceInstances(SLICES, {
    Rows: 48,
    Columns: 40,
    PixelSpacing: [4, 4],
    ImageOrientationPatient: [1, 0, 0, 0, 1, 0],
  }).map((image, k) => ({
    instance: {
      ...image,
      SeriesInstanceUID,
      SOPInstanceUID: `${SeriesInstanceUID} ${k}`,
      ImagePositionPatient: [-75, -100, 4 * k - 75],
    },
  }));
const study = { images: imagesOf, readVolume: async () => sampled(grid, head) };
const models = await tinyModels();
const plan = makePlan('S', acquired, new Map());
const job: Job<StudySeries> = {
  plan: { ...plan, reference: 't2' },
  models,
  targets: [{ id: 't1ce' }],
  options: completeOptions(models.synthesis),
  seed: 17,
  placement: { backend: 'auto', precision: 'fp16' },
};

const backends = new TinyBackends();
let measured: MeasuredSources;
beforeAll(async () => {
  const executor = new LocalExecutor(backends.networks());
  measured = await measureSources(job, { study, executor }, {});
  models.synthesis.manifest.check = {
    definition: 'as measured',
    figures: [
      { target: 't1', sources: ['flair', 't2'], psnr: [1, 2, 90], ssim: [0.1, 0.99], mae: [0.0001, 0.9] },
    ],
    foresight: {},
  };
});

describe('selfCheck', () => {
  it('makes each source from the others, the reference too, and leaves the job as it was', async () => {
    const { record, remade } = await selfCheck(job, measured, {});
    expect(record.map(({ role, sources }) => [role, sources])).toEqual([
      ['t1', ['t2', 'flair']],
      ['t2', ['t1', 'flair']],
      ['flair', ['t1', 't2']],
    ]);
    for (const { stored, difference, figures } of remade) {
      expect(stored).toHaveLength(40 * 48 * SLICES);
      expect(difference).toHaveLength(stored.length);
      // A constant prediction leaves the whole contrast as difference.
      expect(figures.psnr).toBeGreaterThan(0);
      expect(figures.psnr).toBeLessThan(30);
      expect(difference).toContain(NOT_COMPARED);
      expect(difference.some(d => d !== NOT_COMPARED && d !== 0)).toBe(true);
    }
    const made = await makeSeries(job, measured, study, {});
    expect(made.series.map(({ derivation }) => derivation.target)).toEqual(['t1ce']);
  });

  it('ranks the figures where the bundle was measured on the same sources', async () => {
    const { record } = await selfCheck(job, measured, {});
    expect(record[0].psnr.rank).toEqual({ worseThan: 1, of: 3 });
    expect(record[0].mae.rank).toEqual({ worseThan: 1, of: 2 });
    expect(record[1].psnr.rank).toBeUndefined();
  });

  it('reports progress that never goes back and ends with the method', async () => {
    const steps: Step[] = [];
    const seen: Progress[] = [];
    const meter = new ProgressMeter(progress => seen.push(progress));
    await selfCheck(job, measured, {
      onStep: step => {
        steps.push(step);
        meter.step(step);
      },
    });
    const methods = steps.filter(step => step.stage === 'method');
    // The place of each step in the job, without the meter.
    const places = methods.map(s => s.before + (s.share * s.done) / s.of);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    // Nothing is sampled, so that share of the last of three sources is left.
    expect(seen.at(-1)!.completed).toBe(939);
  });

  it('can be cancelled between and in sources', async () => {
    const controller = new AbortController();
    const onStep = (step: Step) => {
      if (step.stage === 'method' && step.before > 300) controller.abort();
    };
    await expect(selfCheck(job, measured, { onStep, signal: controller.signal })).rejects.toMatchObject({
      code: 'cancelled',
    });
  });

  it('sends the executor nothing but data', async () => {
    const remakeSources: MeasuredSources['open']['remakeSources'] = (input, run) =>
      measured.open.remakeSources(structuredClone(input), run);
    const { record } = await selfCheck(job, { open: { ...measured.open, remakeSources } }, {});
    expect(record).toHaveLength(3);
  });

  it('needs two sources', () => {
    expect(checkObstacle(job)).toBeNull();
    const alone = { ...job.plan, sources: new Map([...plan.sources].slice(0, 1)) };
    expect(checkObstacle({ ...job, plan: alone })).toMatchObject({ code: 'self-check/one-source' });
  });

  it('needs a model that can make the sources', () => {
    const able = (...makes: string[]) =>
      checkObstacle({ plan: { ...job.plan, domain: { ...job.plan.domain, makes } } });
    expect(able('t1ce')).toMatchObject({ code: 'self-check/one-way' });
    expect(able('t1', 't1ce', 't2', 'flair')).toBeNull();
  });
});

describe('the record', () => {
  it('holds figures and ranks, and gives them back', async () => {
    const { record: check } = await selfCheck(job, measured, {});
    const { series: made } = await makeSeries({ ...job, check }, measured, study, {});
    const read = readRecord(made[0].datasets[0], METHODS, DOMAINS)!;
    expect(read.check).toEqual(JSON.parse(JSON.stringify(check)));
    expect(read).toEqual(JSON.parse(JSON.stringify(made[0].derivation)));
  });
});

describe('selfCheckSeries', () => {
  it('is synthetic, says CHECK, and lies on the reference', async () => {
    const { remade } = await selfCheck(job, measured, {});
    const [{ derivation }] = (await makeSeries(job, measured, study, {})).series;
    const { remade: again, difference } = selfCheckSeries(job.plan, derivation, remade[1], study, [1, 2, 3]);
    expect(again).toHaveLength(SLICES);
    expect(difference).toHaveLength(SLICES);
    for (const dataset of [again[0], difference[0]]) {
      expect(dataset).toMatchObject({ SyntheticData: 'YES', ImageType: ['DERIVED', 'SECONDARY', 'OTHER'] });
      expect(dataset.ImagePositionPatient).toEqual([-75, -100, -75]);
    }
    expect(again[0].SeriesDescription).toBe('CHECK: SYNTHETIC T2 (CDM)');
    expect(difference[0].SeriesDescription).toBe('CHECK: difference, SYNTHETIC T2 (CDM)');
    expect(again[0].SeriesNumber).not.toBe(difference[0].SeriesNumber);
    expect(readRecord(again[0], METHODS, DOMAINS)).toMatchObject({
      target: 't2',
      sources: [{ role: 't1' }, { role: 'flair' }],
    });
    expect((again[0].PixelData as ArrayBuffer).byteLength).toBe(2 * 40 * 48);
    expect(difference[0]).toMatchObject({
      SamplesPerPixel: 3,
      PhotometricInterpretation: 'RGB',
      BitsAllocated: 8,
    });
    const middle = new Uint8Array(difference[22].PixelData as ArrayBuffer);
    expect(middle).toHaveLength(3 * 40 * 48);
    const at = remade[1].difference.subarray(22 * 40 * 48, 23 * 40 * 48);
    const inside = at.findIndex(d => d !== NOT_COMPARED);
    expect([...middle.subarray(3 * inside, 3 * inside + 3)]).toEqual(differenceColour(at[inside]));
    const outside = at.indexOf(NOT_COMPARED);
    expect([...middle.subarray(3 * outside, 3 * outside + 3)]).toEqual([0, 0, 0]);
  });
});

describe('differenceColour', () => {
  it('is symmetric: blue below, white at, red above zero', () => {
    expect(differenceColour(0)).toEqual([255, 255, 255]);
    expect([differenceColour(-30), differenceColour(-99)]).toEqual([
      [0, 0, 255],
      [0, 0, 255],
    ]);
    expect(differenceColour(30)).toEqual([255, 0, 0]);
    const [r, g, b] = differenceColour(-12);
    expect(differenceColour(12)).toEqual([b, g, r]);
  });
});
