import {
  type AcquiredSources,
  type CheckId,
  DOMAINS,
  domainOf,
  type Grid,
  identityOf,
  items,
  METHODS,
  type ModelLookUp,
  type OpenJob,
  PROGRESS_TOTAL,
  type RunOptions,
  readRecord,
  SynthesisError,
  throwIfCancelled,
} from '@modality-synthesis/engine';
import { coded } from '@modality-synthesis/engine/testing/coded';
import { methodStep } from '@modality-synthesis/engine/testing/methodStep';
import { axial, foundBrain } from '@modality-synthesis/engine/testing/preflight';
import { tinyBrainManifest } from '@modality-synthesis/engine/testing/tinyBrain';
import { tinyManifest } from '@modality-synthesis/engine/testing/tinyManifest';
import type { KeptModel, ModelPlace } from '@modality-synthesis/engine/web';
import { mat4 } from 'gl-matrix';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { message } from '../i18n/message';
import { imagesOn, series as seriesOf } from '../testing/series';
import { type Configuration, parseConfiguration } from './configuration';
import { placeMessage } from './placeMessage';
import type { Job } from './SessionState';
import { SynthesisService } from './SynthesisService';
import type { EnginePort, StudySeries, ViewerPort } from './ViewerPort';

/** The grid of every series, unless a test says otherwise. */
const grid = axial();
const [columns, rows, slices] = grid.dims;
const volume = { ...grid, data: new Float32Array([1, 2]) };
const defaults: Configuration = parseConfiguration({}, '');

const series = (description: string, more?: Partial<StudySeries>) =>
  seriesOf(description, { images: slices, ...more });

/** A viewer with a study S of T1 and T2 and a study R of FLAIR. */
class FakeViewer implements ViewerPort {
  active: string | undefined = 'S';
  studies: Record<string, StudySeries[]> = {
    S: [series('T1'), series('T2')],
    R: [series('FLAIR', { StudyInstanceUID: 'R' })],
  };
  readonly loaded = new Set<string>();
  activeStudy = () => this.active;
  series = (study: string) => this.studies[study] ?? [];
  grids = new Map<string, Grid>();
  images = (one: StudySeries) => imagesOn(this.grids.get(one.id) ?? grid, one);
  readVolume = vi.fn<ViewerPort['readVolume']>(async ({ images }, onImage, signal) => {
    for (let n = 0; n < images; n++) onImage();
    await Promise.resolve();
    throwIfCancelled(signal);
    return volume;
  });
  addSeries = vi.fn<ViewerPort['addSeries']>(async (datasets, onImage) => {
    for (const _ of datasets) onImage();
    this.loaded.add(String(datasets[0].SeriesInstanceUID));
  });
  hasSeries = (uid: string) => this.loaded.has(uid);
  restoreSeries = vi.fn();
  storeSeries = vi.fn(async () => 1);
  storeErrorMap = vi.fn(async () => {});
  readErrorMap = vi.fn(async () => undefined);
  removeSeries = vi.fn(async () => {});
  downloadSeries = vi.fn(async () => {});
  addReport = vi.fn<ViewerPort['addReport']>();
  printReport = vi.fn(async () => {});
  show = vi.fn();
  compared = () => undefined;
  picture = vi.fn(async () => '');
  shownPosition = vi.fn<ViewerPort['shownPosition']>();
  amendSeries = vi.fn<ViewerPort['amendSeries']>();
  showCheck = vi.fn();
  notified = vi.fn();
  notify: ViewerPort['notify'] = (kind, text) => this.notified(kind, coded(text));
}

const settings: ModelLookUp['settings'] = {
  runtime: 'onnxruntime-web',
  provider: 'wasm',
  precision: 'fp32',
  threads: 1,
  text: message('provider/processor', { count: 1 }),
};
const found = foundBrain();
const manifest = tinyManifest();
const brainManifest = tinyBrainManifest();
const brainSha256 = 'cd'.repeat(32);
/** The tiny models, wherever they are. */
const look = ({ bundle, regionBundle, options }: ModelPlace): ModelLookUp => ({
  options: { ...METHODS[0].defaults(manifest), ...options },
  models: {
    synthesis: { manifest, method: METHODS[0], sha256: 'ab'.repeat(32), baseUrl: bundle },
    region: { manifest: brainManifest, sha256: brainSha256, baseUrl: regionBundle },
  },
  settings,
  isStored: () => false,
});

/** An engine in which a job waits for the test to end its synthesis. */
class FakeEngine implements EnginePort {
  /** Inputs of the synthesis, one per job. */
  readonly jobs: Parameters<OpenJob['synthesize']>[0][] = [];
  /** Jobs whose volumes it holds. */
  readonly held = new Set<OpenJob>();
  options!: RunOptions;
  finish!: () => void;
  fail!: (error: unknown) => void;
  alignments: Awaited<ReturnType<OpenJob['align']>> = new Map();
  lookUp = vi.fn(async (where: ModelPlace) => look(where));
  align = vi.fn<OpenJob['align']>(async (_, { signal }) => {
    throwIfCancelled(signal);
    return this.alignments;
  });
  findRegion = vi.fn<OpenJob['findRegion']>(async (_, { signal }) => {
    throwIfCancelled(signal);
    return { found, flopsPerSecond: 1e9 };
  });
  synthesize: OpenJob['synthesize'] = (job, options) => {
    this.jobs.push(job);
    this.options = options;
    return new Promise((resolve, reject) => {
      this.fail = reject;
      this.finish = () => {
        const images = job.targets.map((target, n) => {
          const depth = job.slices ? job.slices.to - job.slices.from + 1 : slices;
          const stored = new Uint16Array(columns * rows * depth).fill(n + 1);
          return { ...target, stored, window: { WindowCenter: 2048, WindowWidth: 4096 } };
        });
        resolve({ images, settings });
      };
      options.signal?.addEventListener('abort', () =>
        reject(new SynthesisError('cancelled', message('job/cancelled'))),
      );
    });
  };
  errors = vi.fn<OpenJob['errors']>(async () => new Map());
  open = vi.fn(async ({ sources }: AcquiredSources): Promise<OpenJob> => {
    const { align, findRegion, synthesize } = this;
    const job: OpenJob = {
      checksums: async () => new Map([...sources.keys()].map((role, n) => [role, `${n}`.repeat(64)])),
      align,
      register: async () => {},
      findRegion,
      describe: async () => ({ sources: new Map(), pairs: [], region: {} }),
      synthesize,
      errors: this.errors,
      remakeSources: () => Promise.reject(new RangeError('Nothing is checked here.')),
      close: () => this.held.delete(job),
    };
    this.held.add(job);
    return job;
  });
  startNetworks = vi.fn<EnginePort['startNetworks']>();
  release = vi.fn(async () => {});
  kept: KeptModel[] = [];
  keptModels = async () => this.kept;
  removeModel = vi.fn(async (address: string) => {
    this.kept = this.kept.filter(model => model.address !== address);
  });
}

let viewer: FakeViewer;
let engine: FakeEngine;
let configuration: () => Configuration;
let service: SynthesisService;

beforeEach(() => {
  viewer = new FakeViewer();
  engine = new FakeEngine();
  configuration = () => defaults;
  service = new SynthesisService(
    viewer,
    engine,
    { bundle: 'https://site/b/', regionBundle: 'https://site/brain/' },
    () => configuration(),
  );
  vi.spyOn(console, 'error').mockImplementation(() => {});
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

const state = () => service.getState();
const statusOf = () => state().job.status;
/** Datasets of the n-th series that was added. */
const added = (n: number) => viewer.addSeries.mock.calls[n][0];
const recordOf = (n: number) => readRecord(added(n)[0], METHODS, DOMAINS);
/** Starts and comes to the point where the engine has the job. */
async function startToEngine(): Promise<{ ended: Promise<void> }> {
  const before = engine.jobs.length;
  const ended = service.start();
  await vi.waitFor(() => expect(engine.jobs).toHaveLength(before + 1));
  return { ended };
}
async function runToEnd(): Promise<void> {
  const { ended } = await startToEngine();
  engine.finish();
  await ended;
}

describe('refresh', () => {
  it('plans the active study and selects the first missing contrast', () => {
    expect(state()).toMatchObject({ plan: null, targets: [], results: [], job: { status: 'idle' } });
    service.refresh();
    expect(state().plan).toMatchObject({ study: 'S', missing: ['t1ce', 'flair'] });
    expect(state().targets).toEqual(['t1ce']);
  });

  it('follows the active study and new series', () => {
    service.refresh();
    viewer.active = 'R';
    service.refresh();
    expect(state().plan).toMatchObject({ study: 'R', missing: ['t1', 't1ce', 't2'] });
    viewer.studies.R.push(series('T1', { StudyInstanceUID: 'R' }));
    service.refresh();
    expect(state().plan?.missing).toEqual(['t1ce', 't2']);
    viewer.active = undefined;
    service.refresh();
    expect(state()).toMatchObject({ plan: null, targets: [] });
  });

  it('notifies listeners of a new state until they unsubscribe', () => {
    const before = state();
    const listener = vi.fn();
    const leave = service.subscribe(listener);
    service.refresh();
    expect(listener).toHaveBeenCalled();
    expect(state()).not.toBe(before);
    leave();
    listener.mockClear();
    service.refresh();
    expect(listener).not.toHaveBeenCalled();
  });
});

describe('a target that is not for every use', () => {
  const caution = 'Enhancement is not predicted.';
  beforeEach(async () => {
    const careful = { ...manifest, targets: { t1ce: { default: false, caution } } };
    engine.lookUp.mockImplementation(async where => {
      const { models, ...found } = look(where);
      return { ...found, models: { ...models, synthesis: { ...models.synthesis, manifest: careful } } };
    });
    service.refresh();
    await vi.waitFor(() => expect(state().model).not.toBeNull());
  });

  it('proposes the next missing contrast, and says what must be known of the first', () => {
    expect(state().plan!.missing).toEqual(['t1ce', 'flair']);
    expect(state().targets).toEqual(['flair']);
    expect([...state().cautions]).toEqual([['t1ce', caution]]);
    service.selection.chooseTarget('t1ce', true);
    expect(state().targets).toEqual(['t1ce', 'flair']);
    expect([...state().cautions]).toEqual([['t1ce', caution]]);
  });

  it('proposes nothing where nothing else is missing', () => {
    viewer.studies.S.push(series('FLAIR'));
    service.refresh();
    expect(state().plan!.missing).toEqual(['t1ce']);
    expect(state().targets).toEqual([]);
  });
});

describe('choices', () => {
  beforeEach(() => service.refresh());

  it('uses a series as another contrast', () => {
    service.selection.chooseRole('uid T2', 'flair');
    expect([...state().plan!.sources.keys()]).toEqual(['t1', 'flair']);
    service.selection.chooseRole('uid T2', null);
    expect([...state().plan!.sources.keys()]).toEqual(['t1']);
  });

  it('takes the contrast from the series that held it', () => {
    service.selection.chooseRole('uid T2', 't1');
    expect(state().plan!.sources.get('t1')!.description).toBe('T2');
    expect(state().plan!.rows.map(r => r.role)).toEqual([null, 't1']);
  });

  it('gives a contrast back to the series that held it first', () => {
    service.selection.chooseRole('uid T2', 't1');
    service.selection.chooseRole('uid T1', 't1');
    expect(state().plan!.rows.map(r => r.role)).toEqual(['t1', null]);
  });

  it('keeps the contrast of a series chosen again', () => {
    service.selection.chooseRole('uid T1', 't1');
    expect(state().plan!.sources.get('t1')!.description).toBe('T1');
  });

  it('takes a reference for this study only', () => {
    service.selection.chooseReference('t2');
    expect(state().plan!.reference).toBe('t2');
    viewer.active = 'R';
    viewer.studies.R = viewer.studies.S;
    service.refresh();
    expect(state().plan!.reference).toBe('t1');
  });

  it('selects and deselects targets, and keeps them per study', () => {
    service.selection.chooseTarget('flair', true);
    expect(state().targets).toEqual(['t1ce', 'flair']);
    service.selection.chooseTarget('t1ce', false);
    expect(state().targets).toEqual(['flair']);
    viewer.active = 'R';
    service.refresh();
    expect(state().targets).toEqual(['t1']);
    viewer.active = 'S';
    service.refresh();
    expect(state().targets).toEqual(['flair']);
  });

  it('ignores a target and a reference without a study', () => {
    viewer.active = undefined;
    service.refresh();
    service.selection.chooseTarget('flair', true);
    service.selection.chooseReference('t1');
    expect(state()).toMatchObject({ plan: null, targets: [] });
  });
});

describe('start', () => {
  it('reads the sources and hands the engine the job', async () => {
    const { ended } = await startToEngine();
    expect(viewer.readVolume.mock.calls.map(([s]) => s.description)).toEqual(['T1', 'T2']);
    expect(engine.open.mock.calls).toEqual([
      [
        {
          sources: new Map([
            ['t1', volume],
            ['t2', volume],
          ]),
          reference: 't1',
          domain: 'brain-mr',
        },
      ],
    ]);
    const placement = { backend: 'auto', precision: 'fp16' };
    expect(engine.lookUp.mock.calls[0]).toEqual([
      { bundle: 'https://site/b/', regionBundle: 'https://site/brain/', backend: 'auto', options: {} },
    ]);
    expect(engine.findRegion.mock.calls[0][0]).toEqual({
      bundle: { manifest: brainManifest, sha256: brainSha256, baseUrl: 'https://site/brain/' },
      ...placement,
    });
    expect(engine.jobs).toEqual([
      {
        bundle: { manifest, sha256: 'ab'.repeat(32), baseUrl: 'https://site/b/' },
        targets: [{ id: 't1ce' }],
        seed: 1,

        options: {},
        ...placement,
      },
    ]);
    expect(statusOf()).toBe('running');
    engine.finish();
    await ended;
  });

  it('follows the configuration', async () => {
    vi.stubGlobal('document', { baseURI: 'https://site/viewer/' });
    configuration = () => ({
      ...defaults,
      provider: 'wasm',
      seed: 9,
      options: { paths: 3 },
      bundle: 'mine',
      brainBundle: '/b/',
    });
    await runToEnd();
    expect(engine.lookUp.mock.calls[0][0]).toMatchObject({ backend: 'wasm', options: { paths: 3 } });
    expect(engine.jobs[0]).toMatchObject({
      backend: 'wasm',
      seed: 9,
      options: { paths: 3 },
      bundle: { baseUrl: 'https://site/viewer/mine/' },
    });
    expect(engine.findRegion.mock.calls[0][0]).toMatchObject({
      backend: 'wasm',
      bundle: { baseUrl: 'https://site/b/' },
    });
  });

  it('adds a series a target and shows the first', async () => {
    configuration = () => ({ ...defaults, seed: 5 });
    viewer.grids.set('uid T2', axial(undefined, [2, 2, 5]));
    service.refresh();
    service.selection.chooseTarget('flair', true);
    await runToEnd();
    expect(viewer.addSeries).toHaveBeenCalledTimes(2);
    const [t1, t2] = viewer.studies.S.map(one => viewer.images(one).map(({ instance }) => instance));
    expect(added(1).map(d => d.ImagePositionPatient)).toEqual(t1.map(i => i.ImagePositionPatient));
    const referenced = added(1).flatMap(({ ReferencedSeriesSequence }) => items(ReferencedSeriesSequence));
    for (const images of [t1, t2]) {
      const [{ SeriesInstanceUID }] = images;
      const own = referenced.filter(series => series.SeriesInstanceUID === SeriesInstanceUID);
      const uids = own.flatMap(series => items(series.ReferencedInstanceSequence));
      expect(new Set(uids.map(image => image.ReferencedSOPInstanceUID))).toEqual(
        new Set(images.map(image => image.SOPInstanceUID)),
      );
    }
    expect([0, 1].map(n => added(n)[0].SeriesNumber)).toEqual([901, 902]);
    expect([0, 1].map(n => new Uint16Array(added(n)[0].PixelData as ArrayBuffer)[0])).toEqual([1, 2]);
    expect(recordOf(1)).toMatchObject({
      target: 'flair',
      sources: [
        { role: 't1', SeriesInstanceUID: 'uid T1' },
        { role: 't2', SeriesInstanceUID: 'uid T2' },
      ],
      bundle: { id: 'tiny', version: '0.0.1' },
      region: { id: 'tiny-brain', version: '0.0.2', sha256: brainSha256 },
      method: { id: 'cdm', options: {} },
      seed: 5,
    });
    expect(viewer.show.mock.calls).toEqual([[added(0)[0].SeriesInstanceUID]]);
    expect(coded(state().job)).toMatchObject({
      status: 'done',
      text: 'job/done(role/t1ce, role/flair, provider/processor(1))',
    });
    expect(state().results.map(r => r.target)).toEqual(['t1ce', 'flair']);
    expect(state().results[0]).toMatchObject({
      study: 'S',
      derivation: {
        sources: [
          {
            role: 't1',
            SeriesInstanceUID: 'uid T1',
            images: slices,
            sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
          },
          { role: 't2', SeriesInstanceUID: 'uid T2' },
        ],
        reference: 't1',
        bundle: { id: 'tiny', version: '0.0.1' },
        seed: 5,
        runtime: 'onnxruntime-web',
        provider: 'wasm',
        precision: 'fp32',
      },
      card: { intended_use: 'Tests.' },
      referenceSeriesInstanceUID: 'uid T1',
    });
    expect(viewer.notified).toHaveBeenCalledExactlyOnceWith(
      'success',
      'job/done-notice(role/t1ce, role/flair)',
    );
  });

  it('reports progress that only rises, to the total, and the provider', async () => {
    const seen: Job[] = [];
    service.subscribe(() => seen.push(state().job));
    const { ended } = await startToEngine();
    engine.options.onBackend?.({ ...settings, text: message('provider/gpu-half') });
    engine.options.onStep?.(methodStep('images', 1, 1));
    expect(coded(state().job)).toMatchObject({
      provider: 'provider/gpu-half',
      progress: { part: 'images' },
    });
    engine.finish();
    await ended;
    const completed = seen.flatMap(job =>
      job.status === 'running' && job.progress ? [job.progress.completed] : [],
    );
    expect(completed).toEqual([...completed].sort((a, b) => a - b));
    expect(completed.at(-1)).toBe(PROGRESS_TOTAL);
  });

  it('lays a source that moved onto the reference, and says so', async () => {
    const transform = mat4.fromTranslation(mat4.create(), [0, 3, 0]);
    const similarity = { before: 1.1, after: 1.2, mirrored: 1.1 };
    const motion = { millimetres: 3.06, degrees: 1.24, similarity, doubtful: false };
    engine.alignments = new Map([['t2', { role: 't2', transform, ...motion, verdict: 'registered' }]]);
    await runToEnd();
    expect(engine.align).toHaveBeenCalledOnce();
    expect(engine.align).toHaveBeenCalledBefore(engine.findRegion);
    expect(recordOf(0)?.registration).toEqual([
      { role: 't2', millimetres: 3.06, degrees: 1.24, transform: [...transform] },
    ]);
  });

  it('stops where a source cannot be laid onto the reference', async () => {
    const reason = message('registration/mirrored');
    const failed = message('registration/failed', { source: 'T2', reference: 'T1', reason });
    engine.align.mockRejectedValue(new SynthesisError('registration-failed', failed));
    await service.start();
    expect(coded(state().job)).toMatchObject({ code: 'registration-failed', text: coded(failed) });
    expect(engine.findRegion).not.toHaveBeenCalled();
    expect(coded(state().preflight?.checks.find(c => c.id === 'alignment'))).toMatchObject({
      level: 'red',
      text: coded(failed),
    });
  });

  it('counts the images of all sources while it reads, of all results while it writes', async () => {
    const counts = { read: new Set<string>(), finish: new Set<string>() };
    // Slow enough for every image to be reported.
    let now = 0;
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => (now += 1000));
    service.subscribe(() => {
      const { job } = state();
      if (job.status !== 'running' || !job.progress) return;
      const { stage, done, of } = job.progress;
      if (stage === 'read' || stage === 'finish') counts[stage].add(`${done}/${of}`);
    });
    service.refresh();
    service.selection.chooseTarget('flair', true);
    await runToEnd();
    clock.mockRestore();
    const all = Array.from({ length: 2 * slices }, (_, n) => `${n + 1}/${2 * slices}`);
    expect([...counts.read]).toEqual(all);
    expect([...counts.finish]).toEqual(all);
  });

  it('does nothing while a job runs', async () => {
    const { ended } = await startToEngine();
    const before = state();
    await service.start();
    expect(state()).toBe(before);
    expect(engine.jobs).toHaveLength(1);
    engine.finish();
    await ended;
    expect(statusOf()).toBe('done');
  });

  it('can start again after every end', async () => {
    await runToEnd();
    for (const end of [() => service.cancel(), () => engine.fail(new Error('x'))]) {
      const { ended } = await startToEngine();
      expect(statusOf()).toBe('running');
      end();
      await ended;
    }
    await runToEnd();
    expect(statusOf()).toBe('done');
    expect(engine.jobs).toHaveLength(4);
  });
});

describe('a job that cannot start', () => {
  const refused = async (text: string, code = 'plan-invalid') => {
    await service.start();
    expect(coded(state().job)).toMatchObject({ status: 'failed', code, text });
    expect(viewer.notified).toHaveBeenLastCalledWith('error', text);
    expect(viewer.readVolume).not.toHaveBeenCalled();
  };

  it('has no study', async () => {
    viewer.active = undefined;
    await refused('job/no-study(brain-mr/study)');
  });

  it('has no source', async () => {
    viewer.studies.S = [series('DWI')];
    await refused('job/no-source(brain-mr/unrecognized)');
  });

  it('has nothing missing', async () => {
    viewer.studies.S = ['T1', 'T1 post', 'T2', 'FLAIR'].map(d => series(d));
    await refused('job/nothing-missing');
  });

  it('has no target', async () => {
    service.refresh();
    service.selection.chooseTarget('t1ce', false);
    await refused('job/no-target');
  });

  it('has a bad configuration', async () => {
    configuration = () => {
      const wrong = message('configuration/unknown-key', { key: 'sed', known: 'seed' });
      throw new SynthesisError('configuration-invalid', wrong);
    };
    await refused('configuration/unknown-key("sed", "seed")', 'configuration-invalid');
  });
});

describe('a job that fails', () => {
  it('keeps the code and the text of our own error', async () => {
    const { ended } = await startToEngine();
    const little = domainOf().words.tooSmall({ millilitres: 3 });
    engine.fail(new SynthesisError('no-region', little));
    await ended;
    expect(coded(state().job)).toEqual({
      status: 'failed',
      study: 'S',
      code: 'no-region',
      text: 'brain-mr/too-small(3)',
    });
    expect(viewer.addSeries).not.toHaveBeenCalled();
    expect(state().results).toEqual([]);
  });

  it('wraps anything else and logs the cause', async () => {
    viewer.readVolume.mockRejectedValue(new TypeError('inner'));
    await service.start();
    expect(coded(state().job)).toMatchObject({
      status: 'failed',
      code: 'inference-failed',
      text: 'job/failed',
    });
    expect(JSON.stringify(state().job)).not.toContain('inner');
    expect(vi.mocked(console.error).mock.calls[0]).toContainEqual(new TypeError('inner'));
  });
});

describe('cancel', () => {
  it('stops a job in the engine and keeps nothing', async () => {
    const { ended } = await startToEngine();
    service.cancel();
    expect(engine.options.signal?.aborted).toBe(true);
    await ended;
    expect(coded(state().job)).toEqual({ status: 'cancelled', study: 'S', text: 'job/cancelled' });
    expect(viewer.addSeries).not.toHaveBeenCalled();
    expect(viewer.notified).toHaveBeenCalledExactlyOnceWith('warning', 'job/cancelled');
  });

  it("leaves the next job's progress alone", async () => {
    const first = await startToEngine();
    const { onStep } = engine.options;
    service.cancel();
    await first.ended;
    const second = await startToEngine();
    const before = state().job;
    onStep?.(methodStep('images', 1, 1));
    expect(state().job).toBe(before);
    engine.finish();
    await second.ended;
  });

  it('stops a job that still reads', async () => {
    const ended = service.start();
    service.cancel();
    await ended;
    expect(statusOf()).toBe('cancelled');
    expect(engine.jobs).toEqual([]);
  });

  it('does nothing when no job runs', () => {
    service.cancel();
    expect(coded(state().job)).toEqual({ status: 'idle' });
    expect(viewer.notified).not.toHaveBeenCalled();
  });
});

describe('the volumes of a job', () => {
  /** A job that waits for an acknowledgement. */
  const startToWaiting = async () => {
    viewer.grids.set('uid T2', axial([200, 220, 84]));
    await service.start();
    expect(statusOf()).toBe('waiting');
    expect(engine.held.size).toBe(1);
  };

  it.each([
    ['done', () => engine.finish()],
    ['failed', () => engine.fail(new Error('x'))],
    ['cancelled', () => service.cancel()],
  ])('are freed when it is %s', async (status, end) => {
    const { ended } = await startToEngine();
    expect(engine.held.size).toBe(1);
    end();
    await ended;
    expect(statusOf()).toBe(status);
    expect(engine.held.size).toBe(0);
  });

  it.each(['align', 'findRegion'] as const)('are freed when %s fails', async step => {
    engine[step].mockRejectedValue(new Error('x'));
    await service.start();
    expect(engine.open).toHaveBeenCalledOnce();
    expect(statusOf()).toBe('failed');
    expect(engine.held.size).toBe(0);
  });

  it('are freed when another source is chosen before the acknowledgement', async () => {
    await startToWaiting();
    service.selection.chooseRole('uid T2', null);
    expect(engine.held.size).toBe(0);
  });

  it('are freed when another study is shown before the acknowledgement', async () => {
    await startToWaiting();
    viewer.active = 'R';
    service.refresh();
    expect(engine.held.size).toBe(0);
  });
});

describe('release', () => {
  it('frees the networks only when no job runs', async () => {
    service.release();
    expect(engine.release).toHaveBeenCalledTimes(1);
    const { ended } = await startToEngine();
    service.release();
    expect(engine.release).toHaveBeenCalledTimes(1);
    engine.finish();
    await ended;
    service.release();
    expect(engine.release).toHaveBeenCalledTimes(2);
  });
});

describe('removeModel', () => {
  const kept = { address: 'https://site/b/', name: 'CDM 1.0.0', bytes: 5, stored: new Date(0) };

  it('deletes what is kept, on disk and in memory, and looks again what must be downloaded', async () => {
    engine.kept = [kept];
    service.refresh();
    await vi.waitFor(() => expect(state().keptModels).toEqual([kept]));
    const looked = engine.lookUp.mock.calls.length;
    await service.removeModel(kept.address);
    expect(engine.removeModel).toHaveBeenCalledExactlyOnceWith(kept.address);
    expect(engine.release).toHaveBeenCalledOnce();
    expect(engine.lookUp.mock.calls.length).toBeGreaterThan(looked);
    expect(state().keptModels).toEqual([]);
  });

  it('waits for no job: while one runs it does nothing', async () => {
    const { ended } = await startToEngine();
    await service.removeModel(kept.address);
    expect(engine.removeModel).not.toHaveBeenCalled();
    engine.finish();
    await ended;
  });
});

describe('studiesOpened', () => {
  it('cancels a job whose study was closed and says why', async () => {
    const { ended } = await startToEngine();
    service.studiesOpened(['R']);
    await ended;
    expect(coded(state().job)).toMatchObject({
      status: 'cancelled',
      text: 'job/study-closed',
    });
  });

  it('leaves a job whose study is still open', async () => {
    const { ended } = await startToEngine();
    service.studiesOpened(['R', 'S']);
    expect(engine.options.signal?.aborted).toBe(false);
    engine.finish();
    await ended;
    expect(statusOf()).toBe('done');
  });

  it('does nothing when no job runs', () => {
    service.studiesOpened([]);
    expect(statusOf()).toBe('idle');
  });
});

describe('what happened to a job', () => {
  it('does not appear beside another study', async () => {
    await runToEnd();
    expect(statusOf()).toBe('done');
    viewer.active = 'R';
    service.refresh();
    expect(coded(state().job)).toEqual({ status: 'idle' });
  });

  it('stands although the result could not be shown', async () => {
    viewer.show.mockImplementation(() => {
      throw new Error('no viewport');
    });
    await runToEnd();
    expect(statusOf()).toBe('done');
    expect(state().results).toHaveLength(1);
  });

  it('does not bring the result into the viewport of another study', async () => {
    const { ended } = await startToEngine();
    viewer.active = 'R';
    engine.finish();
    await ended;
    expect(viewer.addSeries).toHaveBeenCalledOnce();
    expect(viewer.show).not.toHaveBeenCalled();
  });
});

describe('results', () => {
  it('are those of the active study', async () => {
    await runToEnd();
    viewer.active = 'R';
    service.refresh();
    expect(state().results).toEqual([]);
    viewer.active = 'S';
    service.refresh();
    expect(state().results.map(r => r.target)).toEqual(['t1ce']);
  });

  it('belong to the study they were made from', async () => {
    const { ended } = await startToEngine();
    viewer.active = 'R';
    service.refresh();
    engine.finish();
    await ended;
    expect(state().results).toEqual([]);
    viewer.active = 'S';
    service.refresh();
    expect(state().results).toHaveLength(1);
  });

  it('disappear with their series and come back with it', async () => {
    await runToEnd();
    const [{ SeriesInstanceUID }] = state().results;
    viewer.loaded.clear();
    service.refresh();
    expect(state().results).toEqual([]);
    viewer.loaded.add(SeriesInstanceUID);
    service.refresh();
    expect(state().results).toHaveLength(1);
  });
});

describe('errorMap', () => {
  /** A tenth everywhere, as the engine keeps it. */
  const errors = {
    ...grid,
    roots: new Uint8Array(columns * rows * slices).fill(255),
    ...{ largest: 0.1, mean: 0.1, full: 0.5, unit: 'white-matter' as const },
  };

  it("makes the map of a result on the reference's grid", async () => {
    engine.errors.mockResolvedValue(new Map([['t1ce', errors]]));
    await runToEnd();
    const [{ SeriesInstanceUID }] = state().results;
    const { volume, unit } = await service.errorMap(SeriesInstanceUID);
    expect([unit, volume.dims]).toEqual(['white-matter', grid.dims]);
    expect(new Set(volume.data)).toEqual(new Set([20]));
    await service.results.reject(SeriesInstanceUID);
    await expect(service.errorMap(SeriesInstanceUID)).rejects.toMatchObject({ code: 'no-error-map' });
  });

  it('has none where the engine could not tell it; the result stays', async () => {
    engine.errors.mockRejectedValue(new Error('out of memory'));
    await runToEnd();
    expect(statusOf()).toBe('done');
    const [{ SeriesInstanceUID }] = state().results;
    await expect(service.errorMap(SeriesInstanceUID)).rejects.toMatchObject({ code: 'no-error-map' });
  });
});

describe('preflight', () => {
  const checks = () => coded(state().preflight!.checks);
  const warningOf = (id: CheckId) => identityOf(state().preflight!.checks.find(c => c.id === id)!.text);
  const check = (id: string) => checks().find(c => c.id === id);

  it('checks headers and manifest before anything runs', async () => {
    service.refresh();
    expect(state().preflight?.pending).toContain('fit');
    await vi.waitFor(() => expect(check('fit')).toBeDefined());
    expect(state().preflight).toMatchObject({ level: 'green', pending: ['alignment', 'head'] });
    expect(check('cost')?.text).toMatch(/^preflight\/cost-time-unknown\(.*, provider\/processor\(1\)\)$/);
    expect(viewer.readVolume).not.toHaveBeenCalled();
  });

  it('stops at red before it reads, with the reason', async () => {
    viewer.grids.set('uid T2', axial([200, 220, 1200]));
    await service.start();
    expect(viewer.readVolume).not.toHaveBeenCalled();
    expect(coded(state().job)).toMatchObject({
      status: 'failed',
      code: 'preflight-red',
      text: 'series/unusable("T2", series/too-long), preflight/choose-another(role/t2)',
    });
  });

  it('stops at red after it measured, and keeps the finding', async () => {
    engine.findRegion.mockResolvedValueOnce({
      found: { ...found, mask: new Uint8Array(found.mask.length) },
      flopsPerSecond: 1e9,
    });
    await service.start();
    expect(engine.jobs).toHaveLength(0);
    expect(coded(state().job)).toMatchObject({
      code: 'preflight-red',
      text: 'brain-mr/head-too-little-brain(0), brain-mr/head-too-little-brain-remedy',
    });
    expect(check('head')?.level).toBe('red');
  });

  it('waits at amber for acknowledgement, and measures nothing twice', async () => {
    viewer.grids.set('uid T2', axial([200, 220, 84]));
    await service.start();
    expect(statusOf()).toBe('waiting');
    const warning = warningOf('coverage');
    await service.start();
    expect(statusOf()).toBe('waiting');
    service.acknowledge(warning, true);
    expect(state().acknowledged).toEqual(new Set([warning]));
    await runToEnd();
    expect(statusOf()).toBe('done');
    expect(viewer.readVolume).toHaveBeenCalledTimes(2);
    expect(engine.open).toHaveBeenCalledTimes(1);
    expect(engine.findRegion).toHaveBeenCalledTimes(1);
  });

  it('runs at once after an earlier acknowledgement, and asks again for other values', async () => {
    viewer.grids.set('uid T2', axial(undefined, [2, 2, 8]));
    service.refresh();
    await vi.waitFor(() => expect(check('resolution')?.level).toBe('amber'));
    service.acknowledge(warningOf('resolution'), true);
    await runToEnd();
    expect(statusOf()).toBe('done');
    viewer.grids.set('uid T2', axial(undefined, [2, 2, 10]));
    await service.start();
    expect(statusOf()).toBe('waiting');
  });

  it("uses the model that a reader chooses of the site's, and says which there are", async () => {
    vi.stubGlobal('document', { baseURI: 'https://site/viewer/' });
    configuration = () => parseConfiguration({ bundles: ['https://site/other', 'https://site/gone/'] }, '');
    let gone = true;
    engine.lookUp.mockImplementation(async where => {
      const looked = look(where);
      if (where.bundle.includes('gone') && gone)
        throw new SynthesisError('bundle-unreachable', message('job/failed'));
      if (!where.bundle.includes('other')) return looked;
      const other = { ...manifest, name: 'Another', intended_use: 'Other things. Not for others.' };
      const synthesis = { ...looked.models.synthesis, manifest: other, sha256: 'ef'.repeat(32) };
      return { ...looked, models: { ...looked.models, synthesis } };
    });
    service.refresh();
    await vi.waitFor(() => expect(state().model).not.toBeNull());
    await vi.waitFor(() => expect(state().modelChoice).not.toBeNull());
    expect(state().modelChoice).toMatchObject({
      chosen: 'https://site/b/',
      models: [
        { address: 'https://site/b/', card: { name: manifest.name } },
        {
          address: 'https://site/other/',
          card: { name: 'Another', intended_use: 'Other things. Not for others.' },
        },
        { address: 'https://site/gone/' },
      ],
    });
    service.chooseModel('https://site/other/');
    await vi.waitFor(() => expect(state().model?.name).toContain('Another'));
    expect(state().modelChoice?.chosen).toBe('https://site/other/');
    await runToEnd();
    expect(engine.jobs[0].bundle.sha256).toBe('ef'.repeat(32));
    expect(recordOf(0)?.bundle.name).toBe('Another');

    service.chooseModel('https://site/gone/');
    await vi.waitFor(() => expect(check('fit')).toMatchObject({ level: 'red', text: 'job/failed' }));
    // It came back, and has a name.
    gone = false;
    service.chooseModel('https://site/gone/');
    await vi.waitFor(() => expect(state().modelChoice?.models[2].card?.name).toBe(manifest.name));
  });

  it('says so once where looking at the model fails for no reason that it knows', async () => {
    engine.lookUp.mockRejectedValue(new TypeError('no document'));
    service.refresh();
    await vi.waitFor(() => expect(check('fit')).toMatchObject({ level: 'red', text: 'model/failed' }));
    expect(engine.lookUp).toHaveBeenCalledTimes(1);
  });

  it('offers the slices around the one shown where all take long, and makes only those', async () => {
    const large = structuredClone(manifest);
    for (const [name, network] of Object.entries(large.networks)) {
      if (name.startsWith('cunet')) network.flops = 3e10;
    }
    engine.lookUp.mockImplementation(async where => {
      const looked = look(where);
      const synthesis = { ...looked.models.synthesis, manifest: large };
      return { ...looked, models: { ...looked.models, synthesis } };
    });
    service.refresh();
    expect(state().someSlices).toBeNull();
    // Its time is known once the networks have run.
    await runToEnd();
    expect(recordOf(0)?.slices).toBeUndefined();
    await vi.waitFor(() => expect(state().someSlices).toEqual({ count: 9, chosen: false }));
    const whole = state().preflight?.duration;
    service.selection.chooseSome(true);
    expect(state().someSlices?.chosen).toBe(true);
    expect(state().preflight?.duration).not.toEqual(whole);
    const [x, y, z] = mat4.getTranslation([0, 0, 0], grid.indexToWorld);
    viewer.shownPosition.mockReturnValueOnce([x, y, z + 20 * 4]);
    await runToEnd();
    expect(engine.jobs[1].slices).toEqual({ from: 17, to: 25 });
    expect(added(1)).toHaveLength(9);
    expect(recordOf(1)?.slices).toEqual({ from: 17, to: 25 });
  });

  it('starts networks before the series are read, those of the synthesis only where nothing is asked', async () => {
    const started = () =>
      engine.startNetworks.mock.calls.map(([wanted]) =>
        wanted.map(({ bundle, names }) => `${bundle.sha256} ${names.join()}`),
      );
    const region = `${brainSha256} brain`;
    const synthesis = `${'ab'.repeat(32)} cunet-0,cunet-1`;
    viewer.readVolume.mockImplementationOnce(() => Promise.reject(new RangeError('not now')));
    await service.start();
    expect(started()).toEqual([[region, synthesis]]);
    for (const { bundle } of engine.startNetworks.mock.calls[0][0]) structuredClone(bundle);

    viewer.grids.set('uid T2', axial(undefined, [2, 2, 8]));
    await service.start();
    expect(statusOf()).toBe('waiting');
    expect(started()[1]).toEqual([region]);
    service.acknowledge(warningOf('resolution'), true);
    await runToEnd();
    expect(started()[2]).toEqual([region, synthesis]);
  });

  it('forgets what was measured when the sources change or the study does', async () => {
    viewer.grids.set('uid T2', axial([200, 220, 84]));
    await service.start();
    service.selection.chooseRole('uid T2', null);
    expect(statusOf()).toBe('idle');
    service.selection.chooseRole('uid T2', 't2');
    await service.start();
    expect(statusOf()).toBe('waiting');
    expect(engine.findRegion).toHaveBeenCalledTimes(2);
    viewer.active = 'R';
    service.refresh();
    expect(statusOf()).toBe('idle');
  });

  it('says what is wrong with a model, and looks again at the next start', async () => {
    const unreachable = message('bundle/unreachable', { file: 'bundle.json' });
    engine.lookUp.mockRejectedValueOnce(new SynthesisError('bundle-unreachable', unreachable));
    service.refresh();
    await vi.waitFor(() => expect(check('fit')).toMatchObject({ level: 'red', text: coded(unreachable) }));
    await runToEnd();
    expect(statusOf()).toBe('done');
  });

  it('reads the description again after a failed job, and after no other', async () => {
    await runToEnd();
    const corrupt = message('bundle/corrupt', { file: 'a.onnx' });
    engine.findRegion.mockRejectedValueOnce(new SynthesisError('bundle-corrupt', corrupt));
    await service.start();
    expect(statusOf()).toBe('failed');
    expect(engine.lookUp.mock.calls.map(([{ fresh }]) => fresh)).toEqual([undefined, undefined, true]);
    await runToEnd();
    expect(statusOf()).toBe('done');
  });

  it('knows the time after the first job', async () => {
    const kept = new Map<string, string>();
    vi.stubGlobal('localStorage', {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => kept.set(key, value),
    });
    for (const network of Object.values(manifest.networks)) network.flops = 1e9;
    let now = 0;
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => now);
    viewer.readVolume.mockImplementation(async () => {
      now += 7000;
      return volume;
    });
    await runToEnd();
    clock.mockRestore();
    // Reading is part of it.
    expect(check('cost')?.text).toMatch(/^preflight\/cost\(unit\/seconds\(15\), /);
  });
});

describe("a site's server", () => {
  const own = { url: 'https://ai.example/triton/', headers: { k: 'v' } };
  const place = { url: 'https://ai.example/triton', headers: { k: 'v' }, timeout: 300_000 };
  const consent = 'preflight/server-leaves("ai.example")';
  const check = () => state().preflight!.checks.find(({ id }) => id === 'server');
  /** With a model that a server can run, or not. */
  async function configure(more: object = {}, served = true): Promise<void> {
    vi.stubGlobal('document', { baseURI: 'https://site/viewer/' });
    configuration = () => parseConfiguration({ server: { ...own, ...more } }, '');
    engine.lookUp.mockImplementation(async where => {
      const { models, ...rest } = look(where);
      const method = { ...METHODS[0], served };
      return { ...rest, models: { ...models, synthesis: { ...models.synthesis, method } } };
    });
    service.refresh();
    await vi.waitFor(() => expect(state().model).not.toBeNull());
  }

  it('gets nothing before somebody agrees, and then the job', async () => {
    await configure();
    await service.start();
    expect(statusOf()).toBe('waiting');
    expect(engine.jobs).toEqual([]);
    expect(engine.startNetworks.mock.calls[0][0]).toHaveLength(1);
    service.acknowledge(identityOf(check()!.text), true);
    await runToEnd();
    expect(engine.jobs[0].server).toEqual(place);
  });

  it('is asked about by its host: another one is another question', async () => {
    await configure();
    expect(coded(check())).toMatchObject({ level: 'amber', text: consent });
    service.acknowledge(identityOf(check()!.text), true);
    await configure({ url: 'https://other.example' });
    await service.start();
    expect(engine.jobs).toEqual([]);
  });

  it('needs no question where the site has answered it', async () => {
    await configure({ consent: true });
    expect(check()!.level).toBe('green');
    await runToEnd();
    expect(engine.jobs[0].server).toEqual(place);
    const [selections] = engine.startNetworks.mock.calls[0];
    expect(selections.map(({ bundle }) => bundle.sha256)).toEqual([brainSha256]);
  });

  it('gets nothing where a person chose this machine', async () => {
    await configure({ consent: true });
    expect(state().server).toEqual({ host: 'ai.example', here: false });
    service.chooseHere(true);
    expect(state().server).toEqual({ host: 'ai.example', here: true });
    await runToEnd();
    expect(engine.jobs[0].server).toBeUndefined();
  });

  it('gets nothing of a model that it cannot run', async () => {
    await configure({ consent: true }, false);
    expect(state().server).toBeNull();
    await runToEnd();
    expect(engine.jobs[0].server).toBeUndefined();
  });

  it('says that nothing leaves this machine only where that is true', async () => {
    const words = () => coded(placeMessage(state().server));
    expect(words()).toBe('panel/stays');
    await configure({ consent: true });
    expect(words()).toBe('panel/leaves("ai.example")');
    service.chooseHere(true);
    expect(words()).toBe('panel/stays');
  });

  it('is not said to get images of a model that it cannot run', async () => {
    await configure({ consent: true }, false);
    expect(coded(placeMessage(state().server))).toBe('panel/stays');
    expect(coded(check())!.text).toMatch(/^preflight\/server-not-this-model/);
  });
});
