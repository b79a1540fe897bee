/**
 * A session for tests: the real service between a viewer and an engine that a test plays. Each test gets a
 * new one; the bindings follow.
 */
import {
  type AcquiredSources,
  DOMAINS,
  type Grid,
  METHODS,
  type ModelLookUp,
  type OpenJob,
  type RunOptions,
  readRecord,
  SynthesisError,
  throwIfCancelled,
} from '@modality-synthesis/engine';
import { coded } from '@modality-synthesis/engine/testing/coded';
import { axial, foundBrain } from '@modality-synthesis/engine/testing/preflight';
import { tinyBrainManifest } from '@modality-synthesis/engine/testing/tinyBrain';
import { tinyManifest } from '@modality-synthesis/engine/testing/tinyManifest';
import type { KeptModel, ModelPlace } from '@modality-synthesis/engine/web';
import { afterEach, beforeEach, expect, vi } from 'vitest';
import { message } from '../i18n/message';
import { type Configuration, parseConfiguration } from '../session/configuration';
import { SynthesisService } from '../session/SynthesisService';
import type { EnginePort, StudySeries, ViewerPort } from '../session/ViewerPort';
import { imagesOn, series as seriesOf } from './series';

/** The grid of every series, unless a test says otherwise. */
export const grid = axial();
export const [columns, rows, slices] = grid.dims;
export const volume = { ...grid, data: new Float32Array([1, 2]) };
export const defaults: Configuration = parseConfiguration({}, '');

export const series = (description: string, more?: Partial<StudySeries>) =>
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

export const settings: ModelLookUp['settings'] = {
  runtime: 'onnxruntime-web',
  provider: 'wasm',
  precision: 'fp32',
  threads: 1,
  text: message('provider/processor', { count: 1 }),
};
export const found = foundBrain();
export const manifest = tinyManifest();
export const brainManifest = tinyBrainManifest();
export const brainSha256 = 'cd'.repeat(32);
/** The tiny models, wherever they are. */
export const look = ({ bundle, regionBundle, options }: ModelPlace): ModelLookUp => ({
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

export let viewer: FakeViewer;
export let engine: FakeEngine;
export let service: SynthesisService;
let configuration: () => Configuration;

/** Sets what the site's configuration says, read at every use. */
export function configure(next: () => Configuration): void {
  configuration = next;
}

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

export const state = () => service.getState();
export const statusOf = () => state().job.status;
/** Datasets of the n-th series that was added. */
export const added = (n: number) => viewer.addSeries.mock.calls[n][0];
export const recordOf = (n: number) => readRecord(added(n)[0], METHODS, DOMAINS);
/** Starts and comes to the point where the engine has the job. */
export async function startToEngine(): Promise<{ ended: Promise<void> }> {
  const before = engine.jobs.length;
  const ended = service.start();
  await vi.waitFor(() => expect(engine.jobs).toHaveLength(before + 1));
  return { ended };
}
export async function runToEnd(): Promise<void> {
  const { ended } = await startToEngine();
  engine.finish();
  await ended;
}
