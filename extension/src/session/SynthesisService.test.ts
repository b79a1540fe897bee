import { coded } from '@modality-synthesis/engine/testing/coded';
import { axial } from '@modality-synthesis/engine/testing/preflight';
import { describe, expect, it, vi } from 'vitest';
import {
  columns,
  engine,
  grid,
  rows,
  runToEnd,
  series,
  service,
  slices,
  startToEngine,
  state,
  statusOf,
  viewer,
} from '../testing/session';

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
