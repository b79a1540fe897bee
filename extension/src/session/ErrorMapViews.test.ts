import { type ErrorMap, SynthesisError } from '@modality-synthesis/engine';
import { beforeEach, expect, it, vi } from 'vitest';
import { message } from '../i18n/message';
import { ErrorMapViews } from './ErrorMapViews';

const map: ErrorMap = {
  volume: {
    dims: [2, 2, 2],
    indexToWorld: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
    data: Float32Array.of(0, 2, 4, 6, 8, 10, 12, 14),
  },
  unit: 'white-matter',
};
let answers: { resolve(map: ErrorMap): void; reject(error: unknown): void }[];
let views: ErrorMapViews;

beforeEach(() => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
  answers = [];
  views = new ErrorMapViews(() => new Promise((resolve, reject) => answers.push({ resolve, reject })));
});

/** Shows the map of a series and answers its request. */
async function shown(series: string): Promise<void> {
  const showing = views.show(series, 'overlay');
  answers.at(-1)?.resolve(map);
  await showing;
}

it('is off until it is asked for, and only then asks for the map', async () => {
  expect(views.of('A')).toMatchObject({ display: 'off' });
  expect([views.anyShown(), answers.length]).toEqual([false, 0]);
  const showing = views.show('A', 'contour');
  expect(views.of('A').display).toBe('contour');
  expect(views.of('A').map).toBeUndefined();
  answers[0].resolve(map);
  await showing;
  expect(views.of('A')).toMatchObject({ display: 'contour', map });
  expect(views.of('B').display).toBe('off');
  await views.show('A', 'overlay');
  expect(answers).toHaveLength(1);
});

it('cycles off, contour, overlay, and holds no map while off', async () => {
  const cycling = views.cycle('A');
  answers[0].resolve(map);
  await cycling;
  expect(views.of('A').display).toBe('contour');
  await views.cycle('A');
  expect(views.of('A')).toMatchObject({ display: 'overlay', map });
  await views.cycle('A');
  expect(views.of('A')).toMatchObject({ display: 'off', map: undefined });
  expect(views.anyShown()).toBe(false);
});

it('keeps how a map is drawn, for each series its own', async () => {
  await shown('A');
  await shown('B');
  const { drawing } = views.of('B');
  expect(drawing.threshold).toBeLessThanOrEqual(drawing.upper);
  views.draw('A', { threshold: 3, opacity: 0.2 });
  await views.show('A', 'off');
  await shown('A');
  expect(views.of('A').drawing).toMatchObject({ threshold: 3, opacity: 0.2 });
  expect(views.of('B').drawing).toEqual(drawing);
});

it('keeps the threshold on the colour scale', async () => {
  await shown('A');
  views.draw('A', { upper: 20, threshold: 18 });
  views.draw('A', { upper: 5 });
  expect(views.of('A').drawing).toMatchObject({ upper: 5, threshold: 5 });
});

it('is off again after a failure, says why, and tries again', async () => {
  const showing = views.show('A', 'contour');
  answers[0].reject(new SynthesisError('no-error-map', message('error-map/none')));
  await showing;
  expect(views.of('A')).toMatchObject({ display: 'off', failure: { code: 'error-map/none' } });
  await shown('A');
  expect(views.of('A')).toMatchObject({ display: 'overlay', failure: undefined, map });
});

it('shows nothing that arrives after it was turned off', async () => {
  const showing = views.show('A', 'contour');
  await views.show('A', 'off');
  answers[0].resolve(map);
  await showing;
  expect(views.of('A')).toMatchObject({ display: 'off', map: undefined });
});

it('turns off the maps of series that are no longer loaded', async () => {
  await shown('A');
  await shown('B');
  views.keep(series => series === 'B');
  expect(views.of('A')).toMatchObject({ display: 'off', map: undefined });
  expect(views.of('B')).toMatchObject({ display: 'overlay', map });
});

it('tells its listeners of every change', async () => {
  const listener = vi.fn();
  const unsubscribe = views.subscribe(listener);
  await shown('A');
  views.draw('A', { opacity: 1 });
  expect(listener.mock.calls.length).toBeGreaterThanOrEqual(3);
  unsubscribe();
  listener.mockClear();
  views.draw('A', { opacity: 0.5 });
  expect(listener).not.toHaveBeenCalled();
});
