import type { Derivation } from '@modality-synthesis/engine';
import { derivation } from '@modality-synthesis/engine/testing/derivation';
import { describe, expect, it } from 'vitest';
import type { MadeSeries } from './dicomweb/madeSeries';
import type { ListedSeries } from './dicomweb/seriesOfStudy';
import { seriesMade } from './seriesMade';
import { settings } from './testing/settings';

const listed = (uid: string, instances: number): ListedSeries => {
  return { SeriesInstanceUID: uid, Modality: 'MR', SeriesDescription: '', instances };
};
const [t1, other] = [listed('1.2.826.0.2', 3), listed('1.2.826.0.9', 2)];
/** A FLAIR of `other`, another T1 here. */
const record = (more: Partial<Derivation> = {}): Derivation => {
  const { sources, ...made } = derivation({ target: 'flair' });
  return { ...made, sources: [sources[0], { ...sources[1], role: 't2' }], ...more };
};
const made = (more: Partial<MadeSeries> = {}): MadeSeries => ({
  ...listed('2.25.1', 3),
  record: record(),
  ...more,
});
const find = (series: MadeSeries, wanted = settings(), study = [t1, other, series]) => {
  const [target] = wanted.targets;
  const all = [made({ record: record({ seed: 1 }) }), series];
  return seriesMade(target, wanted, all, study, async () => target.parameters);
};

describe('seriesMade', () => {
  it('finds the series of the same bundle, sources and settings', async () => {
    const series = made();
    expect(await find(series)).toBe(series);
    const wanted = settings({ sources: ['t1', 't2', 't1ce'], reference: 't1' });
    expect(await find(series, wanted)).toBe(series);
    const parameters = { dose: 0.5 };
    const dosed = made({ record: record({ parameters }) });
    expect(await find(dosed, settings({ targets: [{ id: 'flair', parameters }] }))).toBe(dosed);
  });

  it('lets the sources of each series tell what was not given', async () => {
    const series = [10, 20, 30].map(dose => made({ record: record({ parameters: { dose } }) }));
    const wanted = settings();
    const all = [t1, other, ...series];
    const asked: MadeSeries[] = [];
    const found = await seriesMade(wanted.targets[0], wanted, series, all, async one => {
      asked.push(one);
      return { dose: 20 };
    });
    expect(found).toBe(series[1]);
    expect(asked).toEqual(series.slice(0, 2));
  });

  it.each<[string, Partial<Derivation>]>([
    ['target', { target: 't1ce' }],
    ['parameter', { parameters: { dose: 1 } }],
    ['bundle', { bundle: { ...derivation().bundle, sha256: 'f'.repeat(64) } }],
    ['bundle of the region', { region: { ...derivation().region, sha256: 'f'.repeat(64) } }],
    ['method', { method: { id: 'cmdm', options: {} } }],
    ['option', { method: { id: 'cdm', options: { samples: 1, steps: 10 } } }],
    ['seed', { seed: 1 }],
    ['precision', { precision: 'fp16' }],
  ])('finds none of another %s', async (_, change) => {
    expect(await find(made({ record: record(change) }))).toBeUndefined();
  });

  it('finds none of sources that are not to be used, or on another grid', async () => {
    expect(await find(made(), settings({ sources: ['t1'] }))).toBeUndefined();
    expect(await find(made(), settings({ reference: 't2' }))).toBeUndefined();
  });

  it('counts what frames are of, and two stacks of one series together', async () => {
    const [source] = record().sources;
    const echoes = (more: object) => ['t1', 't2'].map(role => ({ ...source, role, images: 3, ...more }));
    const frames = made({ record: record({ sources: echoes({ instances: 1 }), reference: 't1' }) });
    expect(await find(frames, settings(), [{ ...t1, instances: 1 }])).toBe(frames);
    const images = made({ record: record({ sources: echoes({}), reference: 't1' }) });
    expect(await find(images, settings(), [{ ...t1, instances: 6 }])).toBe(images);
    expect(await find(images, settings(), [t1])).toBeUndefined();
  });

  it('finds none that was stored in part, or whose sources have changed', async () => {
    expect(await find(made({ instances: 2 }))).toBeUndefined();
    expect(await find(made(), settings(), [t1, { ...other, instances: 3 }])).toBeUndefined();
    expect(await find(made(), settings(), [t1])).toBeUndefined();
  });
});
