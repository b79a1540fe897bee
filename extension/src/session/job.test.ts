import { domainOf, items, PROGRESS_TOTAL, SynthesisError } from '@modality-synthesis/engine';
import { coded } from '@modality-synthesis/engine/testing/coded';
import { methodStep } from '@modality-synthesis/engine/testing/methodStep';
import { axial } from '@modality-synthesis/engine/testing/preflight';
import { mat4 } from 'gl-matrix';
import { describe, expect, it, vi } from 'vitest';
import { message } from '../i18n/message';
import {
  added,
  brainManifest,
  brainSha256,
  configure,
  defaults,
  engine,
  manifest,
  recordOf,
  runToEnd,
  series,
  service,
  settings,
  slices,
  startToEngine,
  state,
  statusOf,
  viewer,
  volume,
} from '../testing/session';
import type { Job } from './SessionState';

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
    configure(() => ({
      ...defaults,
      provider: 'wasm',
      seed: 9,
      options: { paths: 3 },
      bundle: 'mine',
      brainBundle: '/b/',
    }));
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
    configure(() => ({ ...defaults, seed: 5 }));
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
    configure(() => {
      const wrong = message('configuration/unknown-key', { key: 'sed', known: 'seed' });
      throw new SynthesisError('configuration-invalid', wrong);
    });
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
