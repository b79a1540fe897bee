import { describe, expect, it } from 'vitest';
import type { DisplaySet } from '../types';
import { type Cell, cellsOf, viewportIdOf } from './cells';
import { compareProtocol } from './compareProtocol';

function series(SeriesInstanceUID: string, more: object = {}): DisplaySet {
  const instance = { SeriesInstanceUID, ImagePositionPatient: [0, 0, 0], ...more };
  return {
    displaySetInstanceUID: `display ${SeriesInstanceUID}`,
    SeriesInstanceUID,
    StudyInstanceUID: 'S',
    instances: [instance],
  };
}

function synthetic(SeriesInstanceUID: string, sources: readonly string[], more: object = {}): DisplaySet {
  const ReferencedSeriesSequence = sources.map(uid => ({ SeriesInstanceUID: uid }));
  return series(SeriesInstanceUID, { SyntheticData: 'YES', ReferencedSeriesSequence, ...more });
}

const [t1, t2, flair] = ['t1', 't2', 'flair'].map(uid => series(uid));
const made = synthetic('made', ['t2', 't1', 'lost']);
const none = () => false;

/** The series of each cell. */
function cells(...args: Parameters<typeof cellsOf>) {
  const found = cellsOf(...args);
  return (
    found && Object.fromEntries(Object.entries(found).map(([cell, one]) => [cell, one?.SeriesInstanceUID]))
  );
}

describe('cellsOf', () => {
  it('finds the loaded sources of a synthetic series in the order in which it names them', () => {
    const all = [t1, t2, flair, made];
    expect(cells(all, 'made', none)).toEqual({ 'source-1': 't2', 'source-2': 't1', result: 'made' });
  });
  it('has a cell for an expected error that is known', () => {
    const known = cells([t1, t2, made], 'made', uid => uid === 'made');
    expect(known).toMatchObject({ result: 'made', uncertainty: 'made' });
  });
  it('takes the newest where none is named', () => {
    const newer = synthetic('newer', ['flair']);
    expect(cells([t1, t2, flair, made, newer], undefined, none)).toEqual({
      'source-1': 'flair',
      result: 'newer',
    });
  });
  it('has none without a synthetic series or without its sources', () => {
    expect(cells([t1, t2], undefined, none)).toBeUndefined();
    expect(cells([flair, made], undefined, none)).toBeUndefined();
    expect(cells([t1, made], 'another', none)).toBeUndefined();
  });
  it('takes no report and no part of a check', () => {
    const report = synthetic('report', ['t1'], { ImagePositionPatient: undefined });
    const check = synthetic('check', ['t1'], { SeriesDescription: 'CHECK: SYNTHETIC T1' });
    expect(cells([t1, made, report, check], undefined, none)).toMatchObject({ result: 'made' });
  });
});

describe('compareProtocol', () => {
  const open = (...names: Cell[]) =>
    names.map(cell => ({ cell, displaySetInstanceUID: cell, index: 3, window: undefined }));
  const stage = (...names: Cell[]) => compareProtocol('S', open(...names), 'n', 'label').stages[0];
  const shape = (...names: Cell[]) => {
    const { rows, columns } = stage(...names).viewportStructure.properties;
    return [rows, columns];
  };

  it('has fewer cells for fewer sources', () => {
    expect(shape('source-1', 'result')).toEqual([1, 2]);
    expect(shape('source-1', 'result', 'uncertainty')).toEqual([1, 3]);
    expect(shape('source-1', 'source-2', 'result', 'uncertainty')).toEqual([2, 2]);
    expect(shape('source-1', 'source-2', 'source-3', 'result')).toEqual([2, 2]);
  });
  it('puts what was made below three sources, all cells of one size', () => {
    const { properties } = stage(
      'source-1',
      'source-2',
      'source-3',
      'result',
      'uncertainty',
    ).viewportStructure;
    expect(properties).toMatchObject({ rows: 2, columns: 3 });
    const places = properties.layoutOptions.map(({ x, y }) => [x, y]);
    expect(places).toEqual([
      [0, 0],
      [1 / 3, 0],
      [2 / 3, 0],
      [0, 0.5],
      [1 / 3, 0.5],
    ]);
    for (const place of properties.layoutOptions) expect(place).toMatchObject({ width: 1 / 3, height: 0.5 });
  });
  it('links windows only of the result and the same with its expected error', () => {
    const { viewports } = stage('source-1', 'source-2', 'result', 'uncertainty');
    const windows = viewports.map(({ viewportOptions: { viewportId, ...options } }) => [
      viewportId,
      'syncGroups' in options && options.syncGroups.some(({ type }) => type === 'voi'),
    ]);
    expect(windows).toEqual([
      [viewportIdOf('source-1'), false],
      [viewportIdOf('source-2'), false],
      [viewportIdOf('result'), true],
      [viewportIdOf('uncertainty'), true],
    ]);
  });
  it('shows one viewport, and is not chosen, where there is nothing to compare', () => {
    const { stages, protocolMatchingRules } = compareProtocol('S', [], 'n', 'label');
    expect(stages[0].viewports).toHaveLength(1);
    expect(protocolMatchingRules[0]).toMatchObject({ constraint: { equals: { value: '' } }, required: true });
  });
});
