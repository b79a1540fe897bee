import { mat4 } from 'gl-matrix';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { hashOfImages } from '../dicom/hashOfImages';
import { message } from '../domains/brain-mr/en';
import type { FoundBrain } from '../domains/brain-mr/region/findBrain';
import type { RoleId } from '../domains/Role';
import { SynthesisError, type SynthesisErrorCode } from '../errors';
import type { Step } from '../progress';
import type { Alignment } from '../registration/Alignment';
import { makePlan } from '../series/plan';
import type { StudySeries } from '../series/StudySeries';
import { coded } from '../testing/coded';
import { series } from '../testing/series';
import { tinyModels } from '../testing/tinyBackends';
import type { Volume } from '../volume/Volume';
import type { AcquiredSources, Executor, JobSteps, OpenJob, RunOptions } from './Executor';
import { measureSources } from './measureSources';

const [t1, flair] = [series('AX T1', { images: 3 }), series('AX FLAIR', { images: 2 })];
const plan = { ...makePlan('S', [t1, flair], new Map()), reference: 't1' as const };
const placement = { backend: 'auto', precision: 'fp16' } as const;
const job = { plan, models: await tinyModels(), placement };

const volume: Volume = { dims: [1, 1, 1], indexToWorld: mat4.create(), data: new Float32Array(1) };
const found: FoundBrain = { grid: volume, mask: new Uint8Array(1), stripped: false, strippedSources: [] };
const checksums = new Map<RoleId, string>([
  ['t1', '1'.repeat(64)],
  ['flair', '2'.repeat(64)],
]);
const alignment: Alignment = {
  role: 'flair',
  transform: mat4.fromTranslation(mat4.create(), [3, 0, 0]),
  millimetres: 3,
  degrees: 1,
  similarity: { before: 1, after: 1.2, mirrored: 1 },
  verdict: 'registered',
  doubtful: false,
};
const features = { sources: new Map(), pairs: [], region: { volume: 7 } };

/** An executor that answers at once, or fails at one step, and lists what it is asked. */
class FakeExecutor implements Executor {
  failsAt: keyof JobSteps | undefined;
  failsWith: SynthesisErrorCode = 'inference-failed';
  readonly asked: [name: string, input: unknown, run: RunOptions][] = [];
  opened: AcquiredSources | undefined;
  region = found;
  readonly close = vi.fn();
  async open(sources: AcquiredSources): Promise<OpenJob> {
    this.opened = sources;
    const step =
      <T>(name: keyof JobSteps, result: T) =>
      async (input: unknown, run: RunOptions): Promise<T> => {
        this.asked.push([name, input, run]);
        if (this.failsAt === name) throw new SynthesisError(this.failsWith, name);
        return result;
      };
    return {
      checksums: step('checksums', checksums),
      align: step('align', new Map([['flair', alignment] as const])),
      register: step('register', undefined),
      findRegion: step('findRegion', { found: this.region, flopsPerSecond: 7 }),
      describe: step('describe', features),
      errors: async () => new Map(),
      synthesize: () => Promise.reject(new RangeError('Nothing is synthesized here.')),
      remakeSources: () => Promise.reject(new RangeError('Nothing is checked here.')),
      close: this.close,
    };
  }
  startNetworks(): void {}
  async release(): Promise<void> {}
  get names(): string[] {
    return this.asked.map(([name]) => name);
  }
}

const study = {
  images: ({ images }: StudySeries) =>
    Array.from({ length: images }, (_, n) => ({ instance: { SOPInstanceUID: `1.2.${n}` } })),
  async readVolume({ images }: StudySeries, onImage: () => void): Promise<Volume> {
    for (let n = 0; n < images; n++) onImage();
    return { ...volume, data: new Float32Array([images]) };
  },
};

const uids = (series: StudySeries) => hashOfImages(study.images(series).map(({ instance }) => instance));
const records = [
  { role: 't1', SeriesInstanceUID: 'uid AX T1', images: 3, uids: await uids(t1), sha256: '1'.repeat(64) },
  {
    role: 'flair',
    SeriesInstanceUID: 'uid AX FLAIR',
    images: 2,
    uids: await uids(flair),
    sha256: '2'.repeat(64),
  },
];

let executor: FakeExecutor;
let steps: Step[];
let run: RunOptions;
beforeEach(() => {
  executor = new FakeExecutor();
  steps = [];
  run = { onStep: step => steps.push(step), signal: new AbortController().signal };
});

describe('measureSources', () => {
  it('records of how many instances the frames of a source are', async () => {
    const images = ({ id, images }: StudySeries) =>
      study.images({ images } as StudySeries).map(image => {
        return id === plan.rows[0].series.id ? { instance: { SOPInstanceUID: '1.2' } } : image;
      });
    const { records } = await measureSources(job, { study: { ...study, images }, executor }, run);
    expect(records.map(({ instances }) => instances)).toEqual([1, undefined]);
  });

  it('hands the volumes over once and tells what the steps found', async () => {
    const { open, ...measured } = await measureSources(job, { study, executor }, run);
    const volumes = [...executor.opened!.sources].map(([role, { data }]) => [role, ...data]);
    expect(volumes).toEqual([
      ['t1', 3],
      ['flair', 2],
    ]);
    expect(executor.opened!.reference).toBe('t1');
    const { role, millimetres, degrees, transform } = alignment;
    expect(measured).toEqual({
      records,
      registration: [{ role, millimetres, degrees, transform: [...transform] }],
      pixels: { region: found, alignment: new Map([['flair', alignment]]) },
      flopsPerSecond: 0.64 * 7,
    });
    const bundle = job.models.region;
    expect(executor.asked).toEqual([
      ['checksums', {}, run],
      ['align', {}, run],
      ['findRegion', { bundle, ...placement }, run],
    ]);
    expect(executor.close).not.toHaveBeenCalled();
    open.close();
    expect(executor.close).toHaveBeenCalledOnce();
  });

  it('tells what the pixels look like and what was taken away from them', async () => {
    // A head of noise below zero.
    const data = Float32Array.from({ length: 40 ** 3 }, (_, n) => (n % 2 ? -1 : 1) * (1 + (n % 7)));
    const signed: Volume = {
      dims: [40, 40, 40],
      indexToWorld: mat4.fromScaling(mat4.create(), [6, 6, 6]),
      data,
    };
    const readVolume = async (one: StudySeries) =>
      one === t1 ? signed : { ...volume, data: new Float32Array(1), offset: 32768 };
    const ports = { study: { ...study, readVolume }, executor };
    const otherKind = message('brain-mr/looks-like/signed');
    const { pixels } = await measureSources(job, ports, run);
    expect(pixels.read).toEqual(
      new Map([
        ['t1', { otherKind }],
        ['flair', { offset: 32768 }],
      ]),
    );
    expect(Object.keys(executor.opened!.sources.get('flair')!)).not.toContain('offset');

    executor.failsAt = 'align';
    executor.failsWith = 'registration-failed';
    const failed = await measureSources(job, ports, run).catch(thrown => thrown);
    expect(failed.code).toBe('registration-failed');
    expect(coded(failed.text)).toBe('"align", preflight/other-kind("AX T1", brain-mr/looks-like/signed)');
  });

  it('counts the images of all sources together', async () => {
    await measureSources(job, { study, executor }, run);
    expect(steps).toEqual([1, 2, 3, 4, 5].map(done => ({ stage: 'read', done, of: 5 })));
  });

  it("takes a record's registration instead of the images'", async () => {
    const registration = [{ role: 'flair', millimetres: 9, degrees: 8 } as const];
    const check = vi.fn();
    const measured = await measureSources(job, { study, executor }, run, { registration, check });
    expect(measured.registration).toBe(registration);
    expect(measured.records).toEqual(records);
    expect(measured.pixels.alignment).toEqual(new Map());
    expect(check).toHaveBeenCalledExactlyOnceWith(records);
    expect(executor.names).toEqual(['checksums', 'register', 'findRegion']);
    expect(executor.asked[1][1]).toBe(registration);
  });

  it.each(['checksums', 'align', 'findRegion'] as const)(
    'leaves nothing open after a failure at %s',
    async name => {
      executor.failsAt = name;
      await expect(measureSources(job, { study, executor }, run)).rejects.toThrow(name);
      expect(executor.names.at(-1)).toBe(name);
      expect(executor.close).toHaveBeenCalledOnce();
    },
  );

  it('refuses other sources than those of the record before it registers them', async () => {
    const check = () => {
      throw new SynthesisError('record-mismatch', 'others');
    };
    const measuring = measureSources(job, { study, executor }, run, { registration: [], check });
    await expect(measuring).rejects.toMatchObject({ code: 'record-mismatch' });
    expect(executor.names).toEqual(['checksums']);
    expect(executor.close).toHaveBeenCalledOnce();
  });

  it('opens nothing when a source cannot be read', async () => {
    const readVolume = () => Promise.reject(new SynthesisError('source-unreadable', 'broken'));
    const measuring = measureSources(job, { study: { ...study, readVolume }, executor }, run);
    await expect(measuring).rejects.toMatchObject({ code: 'source-unreadable' });
    expect(executor.opened).toBeUndefined();
  });

  describe('of a model that says which inputs are usual', () => {
    const { synthesis } = job.models;
    const input_distribution = { patients: 9, percentile: 99, groups: {}, confusions: [] };
    const manifest = { ...synthesis.manifest, input_distribution };
    const comparing = { ...job, models: { ...job.models, synthesis: { ...synthesis, manifest } } };
    const { method: _, ...bundle } = comparing.models.synthesis;
    // 216 mL.
    const mask = new Uint8Array(27).fill(1);
    const indexToWorld = mat4.fromScaling(mat4.create(), [20, 20, 20]);
    const large = { ...found, grid: { dims: [3, 3, 3] as [number, number, number], indexToWorld }, mask };

    it('describes the inputs last', async () => {
      executor.region = large;
      const { pixels } = await measureSources(comparing, { study, executor }, run);
      expect(pixels.features).toBe(features);
      expect(executor.asked.at(-1)).toEqual(['describe', { bundle }, run]);
    });

    it('does not where too little of the region was found, or where the job is made again', async () => {
      await measureSources(comparing, { study, executor }, run);
      executor.region = large;
      await measureSources(comparing, { study, executor }, run, { registration: [], check: () => {} });
      expect(executor.names).not.toContain('describe');
    });
  });
});
