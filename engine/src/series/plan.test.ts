import { describe, expect, it } from 'vitest';
import type { SeriesAttributes } from '../dicom/seriesAttributes';
import type { RoleId } from '../domains/Role';
import { coded } from '../testing/coded';
import { series } from '../testing/series';
import { makePlan } from './plan';
import type { StudySeries } from './StudySeries';
import type { Coverage } from './seriesCoverage';

const none = new Map<string, RoleId | null>();
const t1 = series('T1');
const t2 = series('T2');
const flair = series('FLAIR');

const sourcesOf = (plan: ReturnType<typeof makePlan>) =>
  Object.fromEntries([...plan.sources].map(([role, s]) => [role, s.description]));

describe('makePlan', () => {
  it('proposes recognized series and what is missing', () => {
    const plan = makePlan('S', [flair, series('DWI'), t1], none);
    expect(plan.study).toBe('S');
    expect([...plan.sources.keys()]).toEqual(['t1', 'flair']);
    expect(sourcesOf(plan)).toEqual({ t1: 'T1', flair: 'FLAIR' });
    expect(plan.missing).toEqual(['t1ce', 't2']);
    expect(plan.rows.map(r => r.role)).toEqual(['flair', null, 't1']);
  });

  it('has no reference without sources', () => {
    expect(makePlan('S', [], none)).toMatchObject({
      reference: null,
      missing: ['t1', 't1ce', 't2', 'flair'],
      rows: [],
    });
  });

  it('uses the first of two series that are as good and says why not the other', () => {
    const again = series('T1 repeated', { SeriesNumber: 2 });
    const plan = makePlan('S', [again, t1], none);
    expect(sourcesOf(plan)).toEqual({ t1: 'T1' });
    expect(coded(plan.rows[0])).toMatchObject({ role: null, confidence: 'medium' });
    expect(coded(plan.rows[0].reasons)).toContain('choice/not-chosen("T1", role/t1, choice/comes-later)');
  });

  it("puts a person's choice before a proposal", () => {
    const again = series('T1 repeated');
    const plan = makePlan(
      'S',
      [t1, again, series('brain')],
      new Map([
        [again.id, 't1'],
        ['uid brain', 't2'],
      ]),
    );
    expect(sourcesOf(plan)).toEqual({ t1: 'T1 repeated', t2: 'brain' });
    expect(plan.rows.map(r => r.role)).toEqual([null, 't1', 't2']);
    expect(coded(plan.rows[0].reasons).at(-1)).toBe(
      'choice/not-chosen("T1 repeated", role/t1, choice/person-chose-other)',
    );
    expect(coded(plan.rows[1])).toMatchObject({ reasons: ['choice/by-person'], confidence: null });
  });

  it('leaves out what a person does not want, and lets the next one in', () => {
    const again = series('T1 repeated');
    const plan = makePlan('S', [t1, again], new Map([[t1.id, null]]));
    expect(sourcesOf(plan)).toEqual({ t1: 'T1 repeated' });
    expect(coded(plan.rows[0])).toMatchObject({ role: null, reasons: ['choice/by-person'] });
  });

  it('never uses a refused series, whatever the choice', () => {
    const synthetic = series('SYNTHETIC T2');
    const ct = series('T1', { attributes: { Modality: 'CT', SeriesDescription: 'T1' } });
    const plan = makePlan(
      'S',
      [synthetic, ct],
      new Map([
        [synthetic.id, 't2'],
        [ct.id, 't1'],
      ]),
    );
    expect(plan.sources.size).toBe(0);
    expect(plan.missing).toHaveLength(4);
    for (const row of plan.rows) {
      expect(row.role).toBeNull();
      expect(row.refused).toBeTruthy();
    }
  });

  it('keeps a synthetic series from standing in for a missing contrast', () => {
    expect(makePlan('S', [t1, series('SYNTHETIC FLAIR (CDM)')], none).missing).toContain('flair');
  });

  it('shows excluded kinds as refused, with the reason', () => {
    const plan = makePlan(
      'S',
      [series('DWI b1000'), series('localizer')],
      new Map([['uid DWI b1000', 't2']]),
    );
    expect(plan.sources.size).toBe(0);
    expect(coded(plan.rows.map(row => row.refused))).toEqual([
      'brain-mr/exclusion/kind(brain-mr/kind/diffusion, brain-mr/recognition/says(brain-mr/name/description, "dwi"))',
      'brain-mr/exclusion/kind(brain-mr/kind/localizer, brain-mr/recognition/says(brain-mr/name/description, "localizer"))',
    ]);
  });

  it.each([
    ['the axial one', { axiality: 0.1, inPlaneSpacing: 0.5 }, { inPlaneSpacing: 0.9 }, 't2'],
    [
      'the finest of those near axial',
      { axiality: 1, inPlaneSpacing: 0.9 },
      { axiality: 0.95, inPlaneSpacing: 0.5 },
      't2',
    ],
    ['the nearest to axial of oblique ones', { axiality: 0.6 }, { axiality: 0.8 }, 't2'],
    ['the first of equals', { SeriesNumber: 7 }, { SeriesNumber: 4 }, 't2'],
    ['the finest', { inPlaneSpacing: 0.5 }, { inPlaneSpacing: 0.9 }, 't1'],
  ] as const)('takes as reference %s', (_, first, second, expected) => {
    expect(makePlan('S', [series('T1', first), series('T2', second)], none).reference).toBe(expected);
  });

  it('takes the reference a person chose, if it is a source', () => {
    const fine = series('T1', { inPlaneSpacing: 0.5 });
    expect(makePlan('S', [fine, t2], none, 't2').reference).toBe('t2');
    expect(makePlan('S', [fine, t2], none, 'flair').reference).toBe('t1');
  });
});

describe('makePlan on reformats', () => {
  const reformat = series('T1 sag MPR', {
    attributes: { Modality: 'MR', SeriesDescription: 'T1', ImageType: ['DERIVED', 'SECONDARY', 'MPR'] },
  });

  it('refuses one where the original is there', () => {
    const { sources, rows } = makePlan('S', [reformat, t1], none);
    expect(sources.get('t1')).toBe(t1);
    expect(coded(rows[0].refused)).toBe('exclusion/reformat(brain-mr/recognition/image-type("MPR"), "T1")');
  });

  it('takes one where nothing else is, and says so', () => {
    const { sources, rows } = makePlan('S', [reformat, t2], none);
    expect(sources.get('t1')).toBe(reformat);
    expect(coded(rows[0].reasons).at(-1)).toBe(
      'recognition/reformat-alone(brain-mr/recognition/image-type("MPR"))',
    );
  });

  it('takes one where a person does not want the original', () => {
    const { sources } = makePlan('S', [reformat, t1], new Map([[t1.id, null]]));
    expect(sources.get('t1')).toBe(reformat);
  });
});

describe('makePlan among several series of one contrast', () => {
  const axial: Coverage = { normal: [0, 0, 1], along: 150, inPlane: 220, sliceSpacing: 5, missing: 0 };
  const sagittal: Coverage = { ...axial, normal: [1, 0, 0] };
  const timed = { RepetitionTime: 500, EchoTime: 12, ScanningSequence: ['SE'] };

  it.each([
    [
      'whose contrast is certain',
      { attributes: { SeriesDescription: 'FLAIR', ...timed } },
      {},
      'choice/less-certain',
    ],
    [
      'that is complete',
      { coverage: { ...axial, missing: 2 } },
      { coverage: axial },
      'choice/slices-missing(2)',
    ],
    [
      'that covers the brain',
      { coverage: { ...axial, along: 60 } },
      { coverage: axial },
      'choice/coverage(60, 220, 150, 220)',
    ],
    [
      'of finer voxels',
      { coverage: axial },
      { coverage: { ...axial, sliceSpacing: 1 } },
      'choice/voxels(choice/size(1, 1, 5), choice/size(1, 1, 1))',
    ],
    [
      'that shows water alone',
      { attributes: { SeriesDescription: 'T1', ImageType: ['DERIVED', 'PRIMARY', 'DIXON', 'IN_PHASE'] } },
      { attributes: { SeriesDescription: 'T1', ImageType: ['DERIVED', 'PRIMARY', 'DIXON', 'WATER'] } },
      'brain-mr/choice/component(brain-mr/kind/in-phase)',
    ],
    [
      'nearest to the reference',
      { coverage: sagittal, axiality: 0 },
      { coverage: axial },
      'choice/further-from-reference',
    ],
  ])('takes the one %s', (_, worse, better, why) => {
    const first = series('T1 first', worse);
    const second = series('T1 second', { SeriesNumber: 2, ...better });
    const { sources, rows } = makePlan('S', [first, second, series('T2', { coverage: axial })], none, 't2');
    expect(sources.get('t1')).toBe(second);
    expect(coded(rows[0].reasons).at(-1)).toBe(`choice/not-chosen("T1 second", role/t1, ${why})`);
  });

  it('does not mind a little more or less', () => {
    const first = series('T1 first', { coverage: axial });
    const second = series('T1 second', {
      SeriesNumber: 2,
      coverage: { ...axial, along: 400, sliceSpacing: 4.8 },
    });
    expect(makePlan('S', [first, second], none).sources.get('t1')).toBe(first);
  });
});

describe('makePlan and rivals', () => {
  const rivalries = (...study: StudySeries[]) =>
    makePlan('S', study, none).rivalries.map(({ role, missing, series: rivals }) => [
      role,
      missing ? 'missing' : 'present',
      rivals.map(one => one.description),
    ]);
  const tagged = (description: string, more: SeriesAttributes = {}) =>
    series(description, {
      attributes: {
        Modality: 'MR',
        SeriesDescription: description,
        ContrastBolusAgent: 'Gadavist 7 ml',
        ...more,
      },
    });

  it('has none where each role has one series', () => {
    expect(rivalries(t1, t2, flair)).toEqual([]);
    expect(rivalries(series('T1 nativ'), series('T1 KM'), t2)).toEqual([]);
  });

  it('names two that nothing tells apart', () => {
    const again = series('T2 repeated', { SeriesNumber: 2 });
    expect(rivalries(again, t2, t1)).toEqual([['t2', 'present', ['T2', 'T2 repeated']]]);
    expect(rivalries(t2, series('T2 fine', { inPlaneSpacing: 0.5 }), t1)).toEqual([]);
  });

  it('names the T1 of which one may be the missing T1 post-contrast', () => {
    const fine = series('SAG T1', { SeriesNumber: 2, inPlaneSpacing: 0.5 });
    expect(rivalries(t1, fine, t2)).toEqual([['t1ce', 'missing', ['T1', 'SAG T1']]]);
    expect(rivalries(series('T1 nativ'), fine, series('T1 KM'))).toEqual([]);
    expect(rivalries(t1, series('T1 pre and post'), t2)).toEqual([
      ['t1ce', 'missing', ['T1', 'T1 pre and post']],
    ]);
  });

  it('names what its times deny while a name says it', () => {
    const times = { RepetitionTime: 3000, EchoTime: 4, InversionTime: 410, ScanningSequence: ['GR', 'IR'] };
    const nulled = series('MPRAGE', { attributes: { SeriesDescription: 'MPRAGE', ...times } });
    expect(rivalries(nulled, t2)).toEqual([
      ['t1', 'missing', ['MPRAGE']],
      ['t1ce', 'missing', ['MPRAGE']],
    ]);
  });

  it('asks about a head examined under a protocol of the spine, and takes none of the spine', () => {
    const of = (SeriesDescription: string, BodyPartExamined: string) =>
      series(SeriesDescription, { attributes: { SeriesDescription, BodyPartExamined } });
    const asked = [of('SAG T1', 'TSPINE'), of('SAG FLAIR', 'TSPINE'), of('dADC', 'TSPINE')];
    const plan = makePlan('S', asked, none);
    expect([...plan.sources]).toEqual([]);
    expect(plan.rows.map(row => Boolean(row.refused))).toEqual([false, false, true]);
    expect(rivalries(...asked)).toEqual([
      ['t1', 'missing', ['SAG T1']],
      ['t1ce', 'missing', ['SAG T1']],
      ['flair', 'missing', ['SAG FLAIR']],
    ]);
    const both = [of('AX T2', 'HEAD'), of('SAG T1', 'CSPINE'), of('SAG FLAIR', 'CSPINE')];
    expect(rivalries(...both)).toEqual([['flair', 'missing', ['SAG FLAIR']]]);
    expect(makePlan('S', both, none).rows.map(row => Boolean(row.refused))).toEqual([false, true, false]);
  });

  it('counts a series that tells nothing as one that may be missing, if it can be a volume', () => {
    const untold = series('', { attributes: {} });
    expect(rivalries(t1, t2, untold)).toEqual([
      ['t1ce', 'missing', ['', 'T1']],
      ['flair', 'missing', ['']],
    ]);
    expect(rivalries(t1, t2, { ...untold, images: 3 })).toEqual([]);
    const scrubbed = { RepetitionTime: 5000, EchoTime: 395 };
    expect(rivalries(t1, series('x', { attributes: scrubbed }))).toEqual([
      ['t2', 'missing', ['x']],
      ['flair', 'missing', ['x']],
    ]);
  });

  it('names what may be missing under another part of the body', () => {
    const shoulder = { SeriesDescription: 'AX FLAIR', BodyPartExamined: 'SHOULDER' };
    expect(rivalries(t1, t2, series('AX FLAIR', { attributes: shoulder }))).toEqual([
      ['flair', 'missing', ['AX FLAIR']],
    ]);
  });

  it.each(['FLAIR for DTI', 'Survey FLAIR', 'FLAIR report'])(
    'asks about “%s” with the times of a FLAIR',
    name => {
      const times = {
        RepetitionTime: 9000,
        EchoTime: 120,
        InversionTime: 2500,
        ScanningSequence: ['SE', 'IR'],
      };
      const named = series(name, { attributes: { SeriesDescription: name, ...times } });
      expect(makePlan('S', [t1, t2, named], none).sources.has('flair')).toBe(false);
      expect(rivalries(t1, t2, named)).toEqual([['flair', 'missing', [name]]]);
      expect(rivalries(t1, t2, series(name))).toEqual([]);
    },
  );

  it.each([
    ['a subtraction', series('T1 SUB')],
    ['the agent of a perfusion', tagged('ep2d_perf')],
    ['a name', series('AX T2 +C')],
  ])('is not sure of the only T1 where %s says that an agent was given', (_, other) => {
    const confidenceOf = (...study: StudySeries[]) =>
      makePlan('S', study, none).rows.find(row => row.role === 't1')?.confidence;
    expect(confidenceOf(t1, flair, other)).toBe('low');
    expect(confidenceOf(series('T1 nativ'), flair, other)).toBe('medium');
    expect(confidenceOf(t1, series('T1 KM'), other)).toBe('medium');
    expect(confidenceOf(t1, flair)).toBe('medium');
    const attributes = { SeriesDescription: 'SYNTHETIC T1 post-contrast', SyntheticData: 'YES' };
    const synthetic = series('SYNTHETIC T1 post-contrast', { attributes });
    expect(confidenceOf(t1, flair, synthetic)).toBe('medium');
  });

  it('leaves to the person what the person decided', () => {
    const again = series('T1 repeated', { SeriesNumber: 2 });
    const plan = makePlan('S', [t1, again, t2], new Map([[again.id, null]]));
    expect(plan.rivalries).toEqual([]);
  });

  it('takes the image with its distortion corrected, in any order', () => {
    const typed = (description: string, SeriesNumber: number, type: string) =>
      series(description, {
        SeriesNumber,
        attributes: {
          Modality: 'MR',
          SeriesDescription: description,
          ImageType: ['ORIGINAL', 'PRIMARY', 'M', type],
        },
      });
    const [raw, corrected] = [typed('T1 a', 1, 'ND'), typed('T1 b', 2, 'DIS2D')];
    for (const study of [
      [raw, corrected, t2],
      [t2, corrected, raw],
    ]) {
      const plan = makePlan('S', study, none);
      expect(plan.sources.get('t1')).toBe(corrected);
      expect(plan.rivalries).toEqual([]);
      expect(coded(plan.rows.find(row => row.series === raw)?.reasons.at(-1))).toBe(
        'choice/not-chosen("T1 b", role/t1, choice/uncorrected)',
      );
    }
  });

  it('takes the in-phase image of the same acquisition for no second T1', () => {
    const component = (kind: string, AcquisitionTime: string) =>
      series(`T1 ${kind}`, {
        attributes: {
          SeriesDescription: 'T1',
          ImageType: ['DERIVED', 'PRIMARY', 'DIXON', kind],
          AcquisitionTime,
        },
      });
    const rivals = (time: string) =>
      makePlan('S', [component('IN_PHASE', time), component('WATER', '101500'), t2], none).rivalries;
    expect(rivals('101500')).toEqual([]);
    // Acquired later: it may be from after the agent.
    expect(rivals('102500').map(({ role, missing }) => [role, missing])).toEqual([['t1ce', true]]);
  });

  it('believes no ContrastBolusAgent that all headers have', () => {
    const { sources, rows } = makePlan('S', [tagged('T1'), tagged('T1 POST'), tagged('T2')], none);
    expect([...sources].map(([role, s]) => [role, s.description])).toEqual([
      ['t1', 'T1'],
      ['t1ce', 'T1 POST'],
      ['t2', 'T2'],
    ]);
    expect(coded(rows[0])).toMatchObject({
      confidence: 'medium',
      reasons: expect.arrayContaining(['brain-mr/recognition/agent-alone("Gadavist 7 ml")']),
    });
  });

  it('is unsure where that agent alone tells, or leaves no T1', () => {
    const alone = makePlan('S', [tagged('T1'), tagged('T2')], none);
    expect(alone.rows[0]).toMatchObject({ role: 't1ce', confidence: 'low' });
    const both = [tagged('T1'), tagged('T1 POST'), flair];
    expect(makePlan('S', both, none).sources.get('t1ce')?.description).toBe('T1 POST');
    expect(rivalries(...both)).toEqual([['t1', 'missing', ['T1']]]);
  });

  it('believes an agent that some series do not have, or that has its time', () => {
    expect(makePlan('S', [tagged('T1'), series('T1 SE'), t2], none).rows[0]).toMatchObject({
      role: 't1ce',
      confidence: 'medium',
    });
    const at = (description: string, AcquisitionTime: string) =>
      tagged(description, { ContrastBolusStartTime: '101500', AcquisitionTime });
    const { rows } = makePlan('S', [at('T1 a', '100000'), at('T1 b', '103000')], none);
    expect(rows.map(row => [row.role, row.confidence])).toEqual([
      ['t1', 'medium'],
      ['t1ce', 'medium'],
    ]);
  });
});
