import { type CheckId, identityOf, type ModelLookUp, SynthesisError } from '@modality-synthesis/engine';
import { coded } from '@modality-synthesis/engine/testing/coded';
import { axial } from '@modality-synthesis/engine/testing/preflight';
import { mat4 } from 'gl-matrix';
import { describe, expect, it, vi } from 'vitest';
import { message } from '../i18n/message';
import {
  added,
  brainSha256,
  configure,
  engine,
  found,
  grid,
  look,
  manifest,
  recordOf,
  runToEnd,
  service,
  state,
  statusOf,
  viewer,
  volume,
} from '../testing/session';
import { parseConfiguration } from './configuration';

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
    configure(() => parseConfiguration({ bundles: ['https://site/other', 'https://site/gone/'] }, ''));
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

  /** Looks up a model of which a slab takes so many FLOPs. */
  const taking = (flops: number, on: Partial<ModelLookUp['settings']> = {}) => {
    const large = structuredClone(manifest);
    for (const [name, network] of Object.entries(large.networks))
      if (name.startsWith('cunet')) network.flops = flops;
    engine.lookUp.mockImplementation(async where => {
      const looked = look(where);
      const synthesis = { ...looked.models.synthesis, manifest: large };
      return { ...looked, models: { ...looked.models, synthesis }, settings: { ...looked.settings, ...on } };
    });
  };

  it.each([
    ['a processor', 'wasm', { count: 9, chosen: false }],
    ['no GPU, whose speed nobody knows', 'webgpu', null],
  ] as const)('offers slices of a large model before the first job on %s', async (_, provider, offered) => {
    taking(1e12, { provider });
    service.refresh();
    await vi.waitFor(() => expect(state().model).not.toBeNull());
    expect(state().someSlices).toEqual(offered);
    expect(state().preflight?.duration).toBeUndefined();
  });

  it('offers the slices around the one shown where all take long, and makes only those', async () => {
    taking(3e10);
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
