import {
  type Alignment,
  type CheckId,
  type Contrast,
  type Grid,
  identityOf,
  METHODS,
  type Message,
  PROGRESS_TOTAL,
  SynthesisError,
  throwIfCancelled,
  type Volume,
} from '@modality-synthesis/engine';
import { coded } from '@modality-synthesis/engine/testing/coded';
import { methodStep } from '@modality-synthesis/engine/testing/methodStep';
import { axial, foundBrain } from '@modality-synthesis/engine/testing/preflight';
import { tinyBrainManifest } from '@modality-synthesis/engine/testing/tinyBrain';
import { tinyManifest } from '@modality-synthesis/engine/testing/tinyManifest';
import type {
  AlignmentJob,
  BrainJob,
  BrainOutcome,
  ModelLookUp,
  ProviderDecision,
  RunOptions,
  SynthesisOutcome,
  WorkerJob,
} from '@modality-synthesis/engine/web';
import { mat4 } from 'gl-matrix';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { message } from '../i18n/message';
import { series } from '../testing/series';
import { type Configuration, parseConfiguration } from './configuration';
import { type Job, SynthesisService } from './SynthesisService';
import type { EnginePort, StudySeries, ViewerPort } from './ViewerPort';

const volume = { data: new Float32Array([1, 2]) } as unknown as Volume;
const defaults: Configuration = parseConfiguration({}, '');

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
  grids = new Map<string, Grid | Message>();
  grid = ({ id }: StudySeries) => this.grids.get(id) ?? axial();
  readVolume = vi.fn(async ({ images }: StudySeries, onImage: () => void, signal: AbortSignal) => {
    for (let n = 0; n < images; n++) onImage();
    await Promise.resolve();
    if (signal.aborted) throw new SynthesisError('cancelled', message('job/cancelled'));
    return volume;
  });
  addSeries = vi.fn((...[, , { target }]: Parameters<ViewerPort['addSeries']>) => {
    this.loaded.add(`made ${target}`);
    return `made ${target}`;
  });
  hasSeries = (uid: string) => this.loaded.has(uid);
  restoreSeries = vi.fn();
  storeSeries = vi.fn(async () => 1);
  removeSeries = vi.fn(async () => {});
  downloadSeries = vi.fn(async () => {});
  show = vi.fn();
  compare = vi.fn();
  notified = vi.fn();
  notify: ViewerPort['notify'] = (kind, text) => this.notified(kind, coded(text));
}

const provider: ProviderDecision = {
  provider: 'wasm',
  precision: 'fp32',
  threads: 1,
  text: message('provider/processor', { count: 1 }),
};
const found = foundBrain();
const files = { sha256: 'ab', baseUrl: '', readFile: async () => new Uint8Array() };
const manifest = tinyManifest();
const look: ModelLookUp = {
  options: METHODS[0].defaults(manifest),
  models: {
    synthesis: { manifest, method: METHODS[0], ...files },
    brain: { manifest: tinyBrainManifest(), ...files },
  },
  provider,
  stored: new Set(),
};

/** An engine that waits for the test to end the job. */
class FakeEngine implements EnginePort {
  readonly jobs: WorkerJob[] = [];
  options!: RunOptions;
  finish!: () => void;
  fail!: (error: unknown) => void;
  alignments: Alignment[] = [];
  align = vi.fn(async (_job: AlignmentJob, { signal }: RunOptions) => {
    throwIfCancelled(signal);
    return new Map(this.alignments.map(a => [a.contrast, a] as const));
  });
  lookUp = vi.fn(async (): Promise<ModelLookUp> => look);
  findBrain = vi.fn(async (_job: BrainJob, { signal }: RunOptions): Promise<BrainOutcome> => {
    throwIfCancelled(signal);
    return {
      found,
      brain: { id: 'brain', version: '0.0.2', name: 'Brain', sha256: 'cd' },
      provider,
      flopsPerSecond: 1e9,
    };
  });
  run(job: WorkerJob, options: RunOptions): Promise<SynthesisOutcome> {
    this.jobs.push(job);
    this.options = options;
    return new Promise((resolve, reject) => {
      this.fail = reject;
      this.finish = () => resolve(outcome(job.targets.map(({ id }) => id)));
      options.signal.addEventListener('abort', () =>
        reject(new SynthesisError('cancelled', message('job/cancelled'))),
      );
    });
  }
}

const outcome = (targets: readonly Contrast[]): SynthesisOutcome => ({
  results: new Map(targets.map(t => [t, { volume }] as const)),
  bundle: { id: 'tiny', version: '0.0.1', name: 'Tiny', sha256: 'ab' },
  card: { intended_use: 'Tests.', not_for: [], limitations: [] },
  details: new Map(),
  method: { id: 'cdm', options: { samples: 2, steps: 2, conditioning: 'diffusion' } },
  seed: 5,
  provider,
  seconds: 10,
});

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
    { runtime: 'https://site/ort/', bundle: 'https://site/b/', brainBundle: 'https://site/brain/' },
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

describe('choices', () => {
  beforeEach(() => service.refresh());

  it('uses a series as another contrast', () => {
    service.selection.chooseContrast('uid T2', 'flair');
    expect([...state().plan!.sources.keys()]).toEqual(['t1', 'flair']);
    service.selection.chooseContrast('uid T2', null);
    expect([...state().plan!.sources.keys()]).toEqual(['t1']);
  });

  it('takes the contrast from the series that held it', () => {
    service.selection.chooseContrast('uid T2', 't1');
    expect(state().plan!.sources.get('t1')!.description).toBe('T2');
    expect(state().plan!.rows.map(r => r.contrast)).toEqual([null, 't1']);
  });

  it('gives a contrast back to the series that held it first', () => {
    service.selection.chooseContrast('uid T2', 't1');
    service.selection.chooseContrast('uid T1', 't1');
    expect(state().plan!.rows.map(r => r.contrast)).toEqual(['t1', null]);
  });

  it('keeps the contrast of a series chosen again', () => {
    service.selection.chooseContrast('uid T1', 't1');
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
    expect(engine.jobs[0]).toEqual({
      sources: new Map([
        ['t1', volume],
        ['t2', volume],
      ]),
      reference: 't1',
      brain: found,
      targets: [{ id: 't1ce' }],
      seed: 1,
      options: {},
      provider: 'auto',
      bundle: 'https://site/b/',
      runtime: 'https://site/ort/',
    });
    expect(engine.findBrain.mock.calls[0][0]).toMatchObject({
      reference: 't1',
      brainBundle: 'https://site/brain/',
    });
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
      options: { samples: 3 },
      bundle: 'mine',
      brainBundle: '/b/',
    });
    await runToEnd();
    expect(engine.jobs[0]).toMatchObject({
      provider: 'wasm',
      seed: 9,
      options: { samples: 3 },
      bundle: 'https://site/viewer/mine/',
    });
    expect(engine.findBrain.mock.calls[0][0].brainBundle).toBe('https://site/b/');
  });

  it('adds a series a target and shows the first', async () => {
    service.refresh();
    service.selection.chooseTarget('flair', true);
    await runToEnd();
    expect(viewer.addSeries).toHaveBeenCalledTimes(2);
    const [, reference, derivation] = viewer.addSeries.mock.calls[1];
    expect(reference.description).toBe('T1');
    expect(derivation).toMatchObject({
      target: 'flair',
      sources: [
        { contrast: 't1', SeriesInstanceUID: 'uid T1' },
        { contrast: 't2', SeriesInstanceUID: 'uid T2' },
      ],
      bundle: { id: 'tiny', version: '0.0.1' },
      brain: { id: 'brain', version: '0.0.2', sha256: 'cd' },
      method: { id: 'cdm', options: { samples: 2, steps: 2, conditioning: 'diffusion' } },
      seed: 5,
    });
    expect(viewer.show.mock.calls).toEqual([['made t1ce']]);
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
            contrast: 't1',
            SeriesInstanceUID: 'uid T1',
            images: 3,
            sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
          },
          { contrast: 't2', SeriesInstanceUID: 'uid T2' },
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
    engine.options.onProvider?.({
      provider: 'wasm',
      precision: 'fp32',
      threads: 1,
      text: message('provider/gpu-half'),
    });
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
    engine.alignments = [{ contrast: 't2', transform, ...motion, verdict: 'registered' }];
    const given = { ...volume, indexToWorld: mat4.create() };
    viewer.readVolume.mockResolvedValue(given);
    await runToEnd();
    expect(engine.align.mock.calls[0][0]).toEqual({
      sources: new Map([
        ['t1', given],
        ['t2', given],
      ]),
      reference: 't1',
    });
    const laid = { ...given, indexToWorld: transform };
    for (const { sources } of [engine.findBrain.mock.calls[0][0], engine.jobs[0]]) {
      expect([...sources.values()]).toEqual([given, laid]);
    }
    expect(viewer.addSeries.mock.calls[0][2].registration).toEqual([
      { contrast: 't2', millimetres: 3.06, degrees: 1.24, transform: [...transform] },
    ]);
  });

  it('stops where a source cannot be laid onto the reference', async () => {
    const reason = message('registration/mirrored');
    const failed = message('registration/failed', { source: 'T2', reference: 'T1', reason });
    engine.align.mockRejectedValue(new SynthesisError('registration-failed', failed));
    await service.start();
    expect(coded(state().job)).toMatchObject({ code: 'registration-failed', text: coded(failed) });
    expect(engine.findBrain).not.toHaveBeenCalled();
    expect(coded(state().preflight?.checks.find(c => c.id === 'alignment'))).toMatchObject({
      level: 'red',
      text: coded(failed),
    });
  });

  it('counts the images of all sources while it reads', async () => {
    const counts: string[] = [];
    service.subscribe(() => {
      const { job } = state();
      if (job.status === 'running' && job.progress?.stage === 'read')
        counts.push(`${job.progress.done}/${job.progress.of}`);
    });
    await runToEnd();
    expect([...new Set(counts)]).toEqual(['1/6', '2/6', '3/6', '4/6', '5/6', '6/6']);
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
    await refused('job/no-study');
  });

  it('has no source', async () => {
    viewer.studies.S = [series('DWI')];
    await refused('job/no-source');
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
    const little = message('preparation/too-little-brain', { millilitres: 3 });
    engine.fail(new SynthesisError('no-brain', little));
    await ended;
    expect(coded(state().job)).toEqual({
      status: 'failed',
      study: 'S',
      code: 'no-brain',
      text: 'preparation/too-little-brain(3)',
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
    expect(engine.options.signal.aborted).toBe(true);
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
    expect(engine.options.signal.aborted).toBe(false);
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
    viewer.loaded.clear();
    service.refresh();
    expect(state().results).toEqual([]);
    viewer.loaded.add('made t1ce');
    service.refresh();
    expect(state().results).toHaveLength(1);
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
    viewer.grids.set('uid T2', message('series/too-long'));
    await service.start();
    expect(viewer.readVolume).not.toHaveBeenCalled();
    expect(coded(state().job)).toMatchObject({
      status: 'failed',
      code: 'preflight-red',
      text: 'series/too-long, preflight/choose-another(role/t2)',
    });
  });

  it('stops at red after it measured, and keeps the finding', async () => {
    engine.findBrain.mockResolvedValueOnce({
      ...(await engine.findBrain({} as BrainJob, { signal: new AbortController().signal })),
      found: { ...found, mask: new Uint8Array(found.mask.length) },
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
    expect(engine.findBrain).toHaveBeenCalledTimes(1);
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

  it('forgets what was measured when the sources change or the study does', async () => {
    viewer.grids.set('uid T2', axial([200, 220, 84]));
    await service.start();
    service.selection.chooseContrast('uid T2', null);
    expect(statusOf()).toBe('idle');
    service.selection.chooseContrast('uid T2', 't2');
    await service.start();
    expect(statusOf()).toBe('waiting');
    expect(engine.findBrain).toHaveBeenCalledTimes(2);
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

  it('knows the time after the first job', async () => {
    const kept = new Map<string, string>();
    vi.stubGlobal('localStorage', {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => kept.set(key, value),
    });
    for (const network of Object.values(look.models.synthesis.manifest.networks)) network.flops = 1e9;
    await runToEnd();
    // 10 s is what the job said that it took.
    expect(check('cost')?.text).toMatch(/^preflight\/cost\(unit\/seconds\(10\), /);
  });
});
