import { beforeEach, describe, expect, it, vi } from 'vitest';
import { engine, look, manifest, series, service, state, viewer } from '../testing/session';

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
