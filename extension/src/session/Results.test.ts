import { type Derivation, type ErrorMap, SynthesisError } from '@modality-synthesis/engine';
import { coded } from '@modality-synthesis/engine/testing/coded';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { message } from '../i18n/message';
import { parseConfiguration } from './configuration';
import { Results } from './Results';
import type { ViewerPort } from './ViewerPort';

const usual = parseConfiguration({ storeTimeout: 7, storeRetryDelays: [1] }, '');
let configuration = usual;
const result = {
  study: 'S',
  target: 'flair' as const,
  SeriesInstanceUID: 'made',
  referenceSeriesInstanceUID: 'T1',
  derivation: {} as Derivation,
  details: [],
  card: { intended_use: 'Tests.', not_for: [], limitations: [] },
};

const loaded = new Set<string>();
const notified = vi.fn();
const viewer = {
  hasSeries: (uid: string) => loaded.has(uid),
  restoreSeries: vi.fn<ViewerPort['restoreSeries']>(),
  storeSeries: vi.fn<ViewerPort['storeSeries']>(),
  storeErrorMap: vi.fn<ViewerPort['storeErrorMap']>(),
  removeSeries: vi.fn<ViewerPort['removeSeries']>(),
  downloadSeries: vi.fn<ViewerPort['downloadSeries']>(),
  addReport: vi.fn<ViewerPort['addReport']>(),
  printReport: vi.fn<ViewerPort['printReport']>(),
  amendSeries: vi.fn<ViewerPort['amendSeries']>(),
  notify: (...[kind, text]: Parameters<ViewerPort['notify']>) => notified(kind, coded(text)),
};
const serverError = new SynthesisError('store-failed', message('storage/server-error', { status: 503 }));
const map = { unit: 'range' } as unknown as ErrorMap;
const errorMaps = { has: vi.fn(), of: vi.fn(), remove: vi.fn() };
let results: Results;
const onChange = vi.fn();
const storage = () => coded(results.of('S')[0]?.storage);

beforeEach(() => {
  vi.resetAllMocks();
  configuration = usual;
  vi.spyOn(console, 'error').mockImplementation(() => {});
  loaded.clear();
  loaded.add('made');
  results = new Results(viewer, errorMaps, () => configuration, onChange);
  results.add(result);
});

describe('accept', () => {
  it('counts the images while they are stored, and says stored only at the end', async () => {
    const seen: unknown[] = [];
    onChange.mockImplementation(() => seen.push(storage()));
    viewer.storeSeries.mockImplementation(async (series, options, onStored) => {
      expect(series).toMatchObject({ study: 'S', SeriesInstanceUID: 'made' });
      expect(options).toMatchObject({ storeTimeout: 7, storeRetryDelays: [1] });
      onStored(1, 2);
      onStored(2, 2);
      return 2;
    });
    expect(storage()).toEqual({ status: 'unsaved' });
    await results.accept('made');
    expect(seen).toEqual([
      { status: 'storing', done: 0, of: 0 },
      { status: 'storing', done: 1, of: 2 },
      { status: 'storing', done: 2, of: 2 },
      { status: 'stored', images: 2 },
    ]);
    expect(results.unsaved()).toEqual([]);
  });

  describe('with a report, where the site wants it', () => {
    const report = { study: 'S', SeriesInstanceUID: 'report', referenceSeriesInstanceUID: 'T1' };
    const sent = () => viewer.storeSeries.mock.calls.map(([series]) => series.SeriesInstanceUID);
    beforeEach(() => {
      results = new Results(viewer, errorMaps, () => ({ ...configuration, storeReport: true }), onChange);
      results.add(result);
      viewer.addReport.mockResolvedValue(report);
      viewer.storeSeries.mockResolvedValue(2);
    });

    it('stores it after the images', async () => {
      await results.accept('made');
      expect(sent()).toEqual(['made', 'report']);
      expect(storage()).toEqual({ status: 'stored', images: 2 });
    });

    it('makes it once, however often it is sent', async () => {
      viewer.storeSeries.mockResolvedValueOnce(2).mockRejectedValueOnce(serverError);
      await results.accept('made');
      expect(storage()).toMatchObject({ status: 'failed', text: 'storage/server-error(503)' });
      await results.accept('made');
      expect(sent()).toEqual(['made', 'report', 'made', 'report']);
      expect(viewer.addReport).toHaveBeenCalledTimes(1);
      expect(storage()).toEqual({ status: 'stored', images: 2 });
    });
  });

  it('makes no report unless the site wants one', async () => {
    viewer.storeSeries.mockResolvedValue(2);
    await results.accept('made');
    expect(viewer.addReport).not.toHaveBeenCalled();
  });

  describe('with a map of the expected error', () => {
    beforeEach(() => {
      errorMaps.has.mockReturnValue(true);
      errorMaps.of.mockResolvedValue(map);
      viewer.storeSeries.mockResolvedValue(2);
    });

    it('stores that too, with the same rules', async () => {
      await results.accept('made');
      expect(viewer.storeErrorMap).toHaveBeenCalledWith(
        expect.objectContaining({ SeriesInstanceUID: 'made' }),
        map,
        expect.objectContaining({ storeTimeout: 7, storeRetryDelays: [1] }),
      );
      expect(storage()).toEqual({ status: 'stored', images: 2 });
    });

    it('says why the archive has none; the result is stored', async () => {
      viewer.storeErrorMap.mockRejectedValue(serverError);
      await results.accept('made');
      const mapFailure = 'storage/map-failed(role/flair, storage/server-error(503))';
      expect(storage()).toMatchObject({ status: 'stored', images: 2, mapFailure });
      expect(notified).toHaveBeenLastCalledWith('warning', mapFailure);
      expect(results.unsaved()).toEqual([]);
    });

    it('stores none where the site does not want it', async () => {
      configuration = parseConfiguration({ storeUncertainty: false }, '');
      await results.accept('made');
      expect(viewer.storeErrorMap).not.toHaveBeenCalled();
      expect(storage()).toEqual({ status: 'stored', images: 2 });
    });

    it('stores none before the result is stored', async () => {
      viewer.storeSeries.mockRejectedValue(serverError);
      await results.accept('made');
      expect(viewer.storeErrorMap).not.toHaveBeenCalled();
    });
  });

  it('keeps a result that could not be stored, with what happened, and offers it again', async () => {
    viewer.storeSeries.mockImplementationOnce(async (_series, _options, onStored) => {
      onStored(1, 2);
      throw serverError;
    });
    await results.accept('made');
    expect(storage()).toEqual({ status: 'failed', done: 1, of: 2, text: 'storage/server-error(503)' });
    expect(notified).toHaveBeenCalledWith('error', 'storage/server-error(503)');
    expect(results.unsaved()).toEqual(['made']);
    viewer.storeSeries.mockRejectedValueOnce(
      new SynthesisError('store-failed', message('storage/unreachable')),
    );
    await results.accept('made');
    expect(storage()).toEqual({ status: 'failed', done: 1, of: 2, text: 'storage/unreachable' });
    viewer.storeSeries.mockResolvedValueOnce(2);
    await results.accept('made');
    expect(storage()).toEqual({ status: 'stored', images: 2 });
  });

  it('wraps anything else in a text', async () => {
    viewer.storeSeries.mockRejectedValue(new TypeError('inner'));
    await results.accept('made');
    expect(storage()).toMatchObject({ status: 'failed', text: 'storage/failed-unexpectedly' });
  });

  it('does nothing while it stores or when it is stored', async () => {
    let finish = (_images: number) => {};
    viewer.storeSeries.mockReturnValue(
      new Promise(resolve => {
        finish = resolve;
      }),
    );
    const first = results.accept('made');
    await results.accept('made');
    await results.reject('made');
    finish(2);
    await first;
    await results.accept('made');
    await results.reject('made');
    expect(viewer.storeSeries).toHaveBeenCalledOnce();
    expect(viewer.removeSeries).not.toHaveBeenCalled();
    expect(storage()).toEqual({ status: 'stored', images: 2 });
  });
});

describe('reject', () => {
  it('removes the series and forgets the result', async () => {
    await results.reject('made');
    expect(viewer.removeSeries).toHaveBeenCalledWith(expect.objectContaining({ SeriesInstanceUID: 'made' }));
    expect(errorMaps.remove).toHaveBeenCalledWith('made');
    expect(results.of('S')).toEqual([]);
    expect(results.unsaved()).toEqual([]);
    expect(onChange).toHaveBeenCalled();
  });

  it('says so when some of its images are in the archive already', async () => {
    viewer.storeSeries.mockImplementationOnce(async (_series, _options, onStored) => {
      onStored(3, 9);
      throw serverError;
    });
    await results.accept('made');
    await results.reject('made');
    expect(notified).toHaveBeenLastCalledWith('warning', 'storage/removed-here-only(role/flair, 3, "made")');
  });

  it('does nothing for a series that was not made here', async () => {
    await results.reject('acquired');
    expect(viewer.removeSeries).not.toHaveBeenCalled();
  });
});

describe('restore', () => {
  it('brings back what is not loaded, of that study only', () => {
    results.restore('S');
    expect(viewer.restoreSeries).not.toHaveBeenCalled();
    loaded.clear();
    results.restore('R');
    expect(viewer.restoreSeries).not.toHaveBeenCalled();
    results.restore('S');
    expect(viewer.restoreSeries).toHaveBeenCalledExactlyOnceWith('S', 'made');
  });

  it('brings back what is stored too', async () => {
    viewer.storeSeries.mockResolvedValue(2);
    await results.accept('made');
    loaded.clear();
    results.restore('S');
    expect(viewer.restoreSeries).toHaveBeenCalledExactlyOnceWith('S', 'made');
  });
});

it('notifies of a failed download', async () => {
  viewer.downloadSeries.mockRejectedValue(new Error('disk'));
  await results.download('made');
  expect(notified).toHaveBeenCalledWith('error', 'storage/download-failed');
});
