import {
  type AcquiredSources,
  type Job,
  type MadeSeries,
  METHODS,
  makePlan,
  type OpenJob,
  type RunOptions,
  SynthesisError,
  throwIfCancelled,
} from '@modality-synthesis/engine';
import { coded } from '@modality-synthesis/engine/testing/coded';
import { axial, foundBrain } from '@modality-synthesis/engine/testing/preflight';
import { tinyBrainManifest } from '@modality-synthesis/engine/testing/tinyBrain';
import { tinyManifest } from '@modality-synthesis/engine/testing/tinyManifest';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { message } from '../i18n/message';
import { imagesOn, series } from '../testing/series';
import { parseConfiguration } from './configuration';
import { Results } from './Results';
import { SelfChecks } from './SelfChecks';
import type { EnginePort, StudySeries, ViewerPort } from './ViewerPort';

const grid = axial();
const [columns, rows, slices] = grid.dims;
const voxels = columns * rows * slices;
const acquired = ['T1', 'T2'].map(name => series(name, { images: slices }));
const manifest = tinyManifest();
const job: Job<StudySeries> = {
  plan: { ...makePlan('S', acquired, new Map()), reference: 't1' },
  models: {
    synthesis: { manifest, method: METHODS[0], sha256: 'ab'.repeat(32), baseUrl: '' },
    region: { manifest: tinyBrainManifest(), sha256: 'cd'.repeat(32), baseUrl: '' },
  },
  targets: [{ id: 't1ce' }],
  options: METHODS[0].defaults(manifest),
  seed: 1,
  placement: { backend: 'auto', precision: 'fp16' },
};
const hash = (n: number) => `${n}`.repeat(64);
const made: MadeSeries = {
  SeriesInstanceUID: 'made',
  datasets: [],
  grid,
  derivation: {
    domain: 'brain-mr',
    target: 't1ce',
    sources: acquired.map(({ SeriesInstanceUID, images }, n) => {
      return { role: ['t1', 't2'][n], SeriesInstanceUID, images, sha256: hash(n) };
    }),
    reference: 't1',
    registration: [],
    bundle: { id: 'b', version: '1.0.0', name: 'B', sha256: hash(8) },
    region: { id: 'r', version: '1.0.0', name: 'R', sha256: hash(9) },
    method: { id: 'cdm', options: job.options },
    seed: 1,
    runtime: 'onnxruntime-web',
    provider: 'wasm',
    precision: 'fp32',
    softwareVersion: '1',
  },
};

const loaded = new Set<string>();
const notified = vi.fn();
const viewer = {
  activeStudy: () => 'S',
  series: () => [...acquired],
  images: (one: StudySeries) => imagesOn(grid, one),
  readVolume: vi.fn<ViewerPort['readVolume']>(),
  addSeries: vi.fn<ViewerPort['addSeries']>(async ([first]) => {
    loaded.add(String(first.SeriesInstanceUID));
  }),
  hasSeries: (uid: string) => loaded.has(uid),
  restoreSeries: vi.fn(),
  storeSeries: vi.fn(async () => slices),
  storeErrorMap: vi.fn(async () => {}),
  readErrorMap: vi.fn(async () => undefined),
  removeSeries: vi.fn<ViewerPort['removeSeries']>(async ({ SeriesInstanceUID }) => {
    loaded.delete(SeriesInstanceUID);
  }),
  downloadSeries: vi.fn(async () => {}),
  amendSeries: vi.fn<ViewerPort['amendSeries']>(),
  show: vi.fn(),
  compared: () => undefined,
  showCheck: vi.fn<ViewerPort['showCheck']>(),
  picture: async () => '',
  shownPosition: () => undefined,
  addReport: vi.fn(),
  printReport: vi.fn(),
  notify: (...[kind, text]: Parameters<ViewerPort['notify']>) => notified(kind, coded(text)),
} satisfies ViewerPort;

/** Answers at once, unless `remake` waits. */
class FakeEngine implements EnginePort {
  readonly held = new Set<OpenJob>();
  registered: unknown;
  hashes = [hash(0), hash(1)];
  remake = vi.fn<OpenJob['remakeSources']>(async ({ targets }, { onStep, signal }) => {
    throwIfCancelled(signal);
    onStep?.({
      stage: 'method',
      part: 'images',
      done: 1,
      of: 2,
      before: 0,
      share: 640,
      text: message('job/failed'),
    });
    const remade = targets.map(({ id: role }) => ({
      role,
      sources: targets.map(({ id }) => id).filter(id => id !== role),
      figures: { psnr: 18.256, ssim: 0.5, mae: 0.07 },
      stored: new Uint16Array(voxels).fill(7),
      window: { WindowCenter: 2048, WindowWidth: 4096 },
      difference: new Int8Array(voxels).fill(-5),
    }));
    const text = message('provider/processor', { count: 1 });
    return {
      remade,
      settings: { runtime: 'onnxruntime-web', provider: 'wasm', precision: 'fp32', threads: 1, text },
    };
  });
  open = async ({ sources }: AcquiredSources): Promise<OpenJob> => {
    const open: OpenJob = {
      checksums: async () => new Map([...sources.keys()].map((role, n) => [role, this.hashes[n]])),
      align: () => Promise.reject(new RangeError('The record says how the sources lie.')),
      register: async records => {
        this.registered = records;
      },
      findRegion: async () => ({ found: foundBrain(), flopsPerSecond: 1e9 }),
      describe: () => Promise.reject(new RangeError('The model is not asked about inputs here.')),
      synthesize: () => Promise.reject(new RangeError('Nothing is synthesized here.')),
      errors: () => Promise.reject(new RangeError('Nothing was synthesized here.')),
      remakeSources: this.remake,
      close: () => this.held.delete(open),
    };
    this.held.add(open);
    return open;
  };
  startNetworks = () => {};
  release = async () => {};
  keptModels = async () => [];
  removeModel = async () => {};
  lookUp = () => Promise.reject(new RangeError('The model is known.'));
}

const errorMaps = { of: vi.fn(), has: () => false, remove: vi.fn() };
let engine: FakeEngine;
let busy: boolean;
let requireCheck: boolean;
let results: Results;
let checks: SelfChecks;
const onChange = vi.fn();
beforeEach(() => {
  vi.clearAllMocks();
  vi.spyOn(console, 'error').mockImplementation(() => {});
  viewer.readVolume.mockImplementation(async () => ({ ...grid, data: new Float32Array(2) }));
  loaded.clear();
  loaded.add('made');
  engine = new FakeEngine();
  [busy, requireCheck] = [false, false];
  const configuration = () => parseConfiguration({ requireCheck }, '');
  results = new Results(viewer, errorMaps, configuration, onChange);
  checks = new SelfChecks(
    viewer,
    engine,
    results,
    configuration,
    () => busy,
    () => 12,
    onChange,
  );
  addResult(job);
});

function addResult(of: typeof job): void {
  const card = { intended_use: 'Tests.', not_for: [], limitations: [] };
  const { SeriesInstanceUID, derivation } = made;
  const referenceSeriesInstanceUID = acquired[0].SeriesInstanceUID;
  results.add({
    study: 'S',
    target: 't1ce',
    SeriesInstanceUID,
    referenceSeriesInstanceUID,
    derivation,
    details: [],
    card,
  });
  checks.add(of, [made]);
}
const check = () => checks.of(results.of('S')).get('made')!;
const recorded = () => results.of('S')[0].derivation.check;

describe('run', () => {
  it('reads the sources again as the record says, and gives figures', async () => {
    expect(check()).toMatchObject({
      state: { status: 'none' },
      impossible: null,
      seconds: 12,
      missing: false,
    });
    await checks.run('made');
    expect(check().state).toMatchObject({
      status: 'done',
      check: {
        record: [
          { role: 't1', sources: ['t2'], psnr: { value: 18.26 }, ssim: { value: 0.5 }, mae: { value: 0.07 } },
          { role: 't2', sources: ['t1'] },
        ],
      },
    });
    expect(engine.registered).toEqual([]);
    expect(engine.held.size).toBe(0);
    expect(coded(check().foresight)).toEqual([
      'self-check/foresight-unknown(role/t1ce)',
      'brain-mr/caution/check',
    ]);
  });

  it('puts the figures into the record of a result that is not stored', async () => {
    await checks.run('made');
    expect(recorded()).toHaveLength(2);
    const [series, before, after] = viewer.amendSeries.mock.calls[0];
    expect(series).toMatchObject({ study: 'S', SeriesInstanceUID: 'made' });
    const parameters = (sequence: unknown) =>
      JSON.parse((sequence as { AlgorithmParameters: string }[])[0].AlgorithmParameters);
    expect(parameters(before.DerivationAlgorithmSequence).check).toBeUndefined();
    expect(parameters(after.DerivationAlgorithmSequence).check).toEqual(
      JSON.parse(JSON.stringify(recorded())),
    );
  });

  it('leaves the record of a stored result as it was stored', async () => {
    await results.accept('made');
    await checks.run('made');
    expect(check().state.status).toBe('done');
    expect(viewer.amendSeries).not.toHaveBeenCalled();
    expect(recorded()).toBeUndefined();
  });

  it('refuses sources that are no longer those of the job', async () => {
    engine.hashes = [hash(0), hash(5)];
    await checks.run('made');
    expect(coded(check().state)).toMatchObject({ status: 'failed', text: 'self-check/other-sources' });
    expect(engine.held.size).toBe(0);
  });

  it('does nothing while a job runs, and for a job of one source', async () => {
    busy = true;
    await checks.run('made');
    expect(check().state.status).toBe('none');
    busy = false;
    const one = { ...job, plan: { ...job.plan, sources: new Map([...job.plan.sources].slice(0, 1)) } };
    results = new Results(viewer, errorMaps, () => parseConfiguration({}, ''), onChange);
    checks = new SelfChecks(
      viewer,
      engine,
      results,
      () => parseConfiguration({}, ''),
      () => busy,
      () => 1,
      onChange,
    );
    addResult(one);
    await checks.run('made');
    expect(coded(check().impossible)).toBe('self-check/one-source');
    expect(engine.remake).not.toHaveBeenCalled();
  });

  it.each([
    ['asks the server of the job', true],
    ['asks no server that a person has turned off since', false],
  ])('%s', async (_, now) => {
    const place = { url: 'https://ai.example', timeout: 1 };
    const onServer = { ...job, placement: { ...job.placement, server: place } };
    checks = new SelfChecks(
      viewer,
      engine,
      results,
      () => parseConfiguration({}, ''),
      () => busy,
      () => 1,
      onChange,
      () => (now ? place : undefined),
    );
    addResult(onServer);
    await checks.run('made');
    expect(engine.remake.mock.calls[0][0].server).toEqual(now ? place : undefined);
  });

  it('can be cancelled, says so, and run again', async () => {
    const remake = engine.remake.getMockImplementation()!;
    engine.remake.mockImplementationOnce(
      (_, { signal }: RunOptions) =>
        new Promise((_resolve, reject) => {
          signal?.addEventListener('abort', () =>
            reject(new SynthesisError('cancelled', message('self-check/cancelled'))),
          );
        }),
    );
    const ended = checks.run('made');
    await vi.waitFor(() => expect(engine.remake).toHaveBeenCalled());
    expect(checks.isRunning).toBe(true);
    expect(check().state).toMatchObject({ status: 'running' });
    checks.cancel();
    await ended;
    expect(coded(check().state)).toMatchObject({ status: 'cancelled', text: 'self-check/cancelled' });
    expect([checks.isRunning, engine.held.size]).toEqual([false, 0]);
    engine.remake.mockImplementation(remake);
    await checks.run('made');
    expect(check().state.status).toBe('done');
  });

  it('ends when its study is closed', async () => {
    engine.remake.mockImplementationOnce(
      (_, { signal }: RunOptions) =>
        new Promise((_resolve, reject) => {
          signal?.addEventListener('abort', () =>
            reject(new SynthesisError('cancelled', message('self-check/cancelled'))),
          );
        }),
    );
    const ended = checks.run('made');
    await vi.waitFor(() => expect(engine.remake).toHaveBeenCalled());
    checks.studiesOpened(['S']);
    expect(checks.isRunning).toBe(true);
    checks.studiesOpened(['R']);
    await ended;
    expect(check().state.status).toBe('cancelled');
  });
});

describe('a site that requires the check', () => {
  it('accepts nothing before it is done, and then does', async () => {
    requireCheck = true;
    expect(check().missing).toBe(true);
    await results.accept('made');
    expect(viewer.storeSeries).not.toHaveBeenCalled();
    expect(notified).toHaveBeenCalledWith('warning', 'self-check/required');
    await checks.run('made');
    await checks.close('made');
    expect(check().missing).toBe(false);
    await results.accept('made');
    expect(viewer.storeSeries).toHaveBeenCalledOnce();
  });
});

describe('what it shows', () => {
  it('is made when it is asked for, once, and gone when the check is closed', async () => {
    await checks.run('made');
    expect(viewer.addSeries).not.toHaveBeenCalled();
    await checks.show('made', 't2');
    await checks.show('made', 't2');
    expect(viewer.addSeries).toHaveBeenCalledTimes(2);
    const [remade, difference] = viewer.addSeries.mock.calls.map(([datasets]) => datasets);
    expect(remade[0].SeriesDescription).toBe('CHECK: SYNTHETIC T2 (CDM)');
    const uids = [remade, difference].map(([first]) => String(first.SeriesInstanceUID));
    expect(viewer.showCheck).toHaveBeenLastCalledWith('uid T2', ...uids);
    expect(checks.series()).toEqual(uids);
    await checks.close('made');
    expect(viewer.removeSeries.mock.calls.map(([series]) => series.SeriesInstanceUID)).toEqual(uids);
    expect(checks.series()).toEqual([]);
    expect(check().state.status).toBe('none');
    expect(recorded()).toHaveLength(2);
  });

  it('is not stored with the result', async () => {
    await checks.run('made');
    await checks.show('made', 't1');
    await results.accept('made');
    expect(viewer.storeSeries.mock.calls).toHaveLength(1);
    expect(results.of('S')).toHaveLength(1);
  });

  it('is gone with the result', async () => {
    await checks.run('made');
    await checks.show('made', 't1');
    await results.reject('made');
    checks.prune();
    await vi.waitFor(() => expect(checks.series()).toEqual([]));
    expect(viewer.removeSeries).toHaveBeenCalledTimes(3);
  });

  it('comes back after its study was closed', async () => {
    await checks.run('made');
    await checks.show('made', 't1');
    loaded.clear();
    await checks.show('made', 't1');
    expect(viewer.restoreSeries.mock.calls.map(([, uid]) => uid)).toEqual(checks.series());
  });
});
