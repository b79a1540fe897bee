import { describe, expect, it } from 'vitest';
import { DOMAINS } from '../domains';
import type { RoleId } from '../domains/Role';
import { message } from '../messages';
import { coded } from '../testing/coded';
import { axial, foundBrain, model, soundFacts, source } from '../testing/preflight';
import { tinyManifest } from '../testing/tinyManifest';
import type { MotionFacts, PixelFacts, PreflightFacts } from './facts';
import { PreflightStop, stopAtRed } from './PreflightStop';
import { CHECK_IDS, type CheckId } from './report';
import { runPreflight } from './runPreflight';

const preflight = (facts: PreflightFacts) => runPreflight(facts, DOMAINS[0]);
const check = (id: CheckId, facts: Partial<PreflightFacts>) =>
  coded(preflight(soundFacts(facts)).checks).find(c => c.id === id);
const unreachable = message('bundle/unreachable', { file: 'bundle.json' });
const pixels = (more: Partial<PixelFacts>): Partial<PreflightFacts> => ({
  pixels: { ...soundFacts().pixels!, ...more },
});
const moved = (motion: Partial<MotionFacts>) =>
  pixels({
    alignment: new Map<RoleId, MotionFacts>([
      ['t2', { verdict: 'registered', millimetres: 3.24, degrees: 1.16, doubtful: false, ...motion }],
    ]),
  });

describe('preflight', () => {
  it('says yes to a sound job, with a text for every check in its order', () => {
    const { level, checks, pending } = preflight(soundFacts());
    expect({ level, pending }).toEqual({ level: 'green', pending: [] });
    expect(checks.map(c => c.id)).toEqual(CHECK_IDS.filter(id => id !== 'server' && id !== 'parameters'));
    expect(coded(checks).map(({ level, text, remedy }) => [level, text.split('(')[0], remedy])).toEqual([
      ['green', 'preflight/sources-good', undefined],
      ['green', 'brain-mr/coverage-whole', undefined],
      ['green', 'preflight/resolution-result', undefined],
      ['green', 'preflight/alignment-good', undefined],
      ['green', 'brain-mr/head-whole', undefined],
      ['green', 'preflight/fit-good', undefined],
      ['green', 'preflight/cost-time-unknown', undefined],
      ['green', 'preflight/download-none', undefined],
    ]);
  });

  it('waits with what needs the pixels and the model', () => {
    const { sources, patients, rivals, reference, targets } = soundFacts();
    const { checks, pending } = preflight({ sources, patients, rivals, reference, targets });
    expect(checks.map(c => c.id)).toEqual(['sources', 'coverage']);
    expect(pending).toEqual(['resolution', 'alignment', 'head', 'fit', 'cost', 'download']);
  });

  it('is as bad as its worst check, and stops at red with text and remedy', () => {
    const amber = preflight(soundFacts(moved({ millimetres: 40 })));
    expect(amber.level).toBe('amber');
    expect(() => stopAtRed(amber)).not.toThrow();
    const red = preflight(soundFacts({ ...moved({ millimetres: 40 }), model: unreachable }));
    expect(red.level).toBe('red');
    expect(() => stopAtRed(red)).toThrow(PreflightStop);
    expect(new PreflightStop(red)).toMatchObject({
      code: 'preflight-red',
      message: 'bundle/unreachable("bundle.json")',
    });
    expect(new PreflightStop(amber)).toMatchObject({
      code: 'preflight-amber',
      message:
        'preflight/alignment-moved(role/t2, role/t1, registration/found(40.0, 1.2)), preflight/alignment-much-remedy',
    });
  });
});

describe('sources', () => {
  it('are named with the reference', () => {
    expect(check('sources', {})?.text).toBe(
      'preflight/sources-good(preflight/source(role/t1, "AX T1"), preflight/source(role/t2, "AX T2"), role/t1)',
    );
  });

  it('are amber where recognition is not sure', () => {
    const sources = [source(), source({ role: 't2', description: 'AX', confidence: 'low' })];
    expect(check('sources', { sources })).toMatchObject({
      level: 'amber',
      text: 'preflight/sources-uncertain("AX", role/t2)',
    });
  });

  it('are amber where series rival for a role, and name them', () => {
    const rivals = [
      { role: 't2', missing: false, series: ['AX T2', 'AX T2 again', 'T2 c', 'T2 d'] },
      { role: 't1ce', missing: true, series: ['SAG T1'] },
    ];
    expect(check('sources', { rivals })).toMatchObject({
      level: 'amber',
      text:
        'preflight/rivals(role/t2, preflight/series("AX T2"), preflight/series("AX T2 again"), preflight/series("T2 c"), 4), ' +
        'preflight/maybe-missing(role/t1ce, preflight/series("SAG T1"), 1)',
      remedy: 'preflight/sources-uncertain-remedy',
    });
  });

  it('are amber where the study was split', () => {
    expect(check('sources', { parts: 1 })?.level).toBe('green');
    expect(check('sources', { parts: 3 })).toMatchObject({
      level: 'amber',
      text: 'preflight/split-study(3)',
      remedy: 'preflight/split-study-remedy',
    });
  });

  it('are amber where their StudyDates differ', () => {
    expect(check('sources', { dates: ['20200101'] })?.level).toBe('green');
    expect(check('sources', { dates: ['20200101', '20260101'] })).toMatchObject({
      level: 'amber',
      text: 'preflight/two-dates("20200101", "20260101")',
      remedy: 'preflight/two-dates-remedy',
    });
  });

  it('are red where no series has more than one image, and say what may have happened', () => {
    expect(check('sources', { single: true })).toMatchObject({
      level: 'red',
      text: 'preflight/single-images',
      remedy: 'preflight/single-images-remedy',
    });
    expect(check('sources', { single: true, parts: 183 })).toMatchObject({
      level: 'red',
      text: 'preflight/split-study(183)',
      remedy: 'preflight/split-study-remedy',
    });
  });

  it('are amber where the pixels look like another kind of image', () => {
    const kind = message('stack/time', { number: 1 });
    const facts = pixels({ read: new Map([['t2', { otherKind: kind }]]) });
    expect(check('sources', facts)).toEqual({
      id: 'sources',
      level: 'amber',
      text: 'preflight/other-kind("AX T2", stack/time(1))',
      remedy: 'preflight/other-kind-remedy',
    });
  });

  it('tell an offset that was taken away', () => {
    const finding = check('sources', pixels({ read: new Map([['t2', { offset: 32768 }]]) }));
    expect(finding?.level).toBe('green');
    expect(finding?.text).toMatch(/^preflight\/sources-good.*preflight\/offset\("AX T2", 32768\)$/);
  });

  it('are red where the geometry cannot be used', () => {
    const grid = message('series/unusable', { series: 'AX T2', reason: message('series/too-long') });
    const sources = [source(), source({ role: 't2', grid })];
    expect(check('sources', { sources })).toMatchObject({
      level: 'red',
      text: 'series/unusable("AX T2", series/too-long)',
      remedy: 'preflight/choose-another(role/t2)',
    });
  });
});

describe('coverage', () => {
  it.each([
    [[200, 220, 160], 'green', 'extent("200 x 220 x 160")'],
    [[200, 220, 80], 'amber', 'short(role/t1, "200 x 220 x 80", "130 x 160 x 110")'],
    [[200, 220, 40], 'red', 'short(role/t1, "200 x 220 x 40", "130 x 160 x 110")'],
    [[120, 220, 160], 'amber', 'short(role/t1, "120 x 220 x 160", "130 x 160 x 110")'],
  ] as const)('of %s mm is %s before the brain is known', (size, level, text) => {
    const facts = { sources: [source({ grid: axial([...size]) })], pixels: undefined };
    expect(check('coverage', facts)).toMatchObject({ level, text: `brain-mr/coverage-${text}` });
  });

  it('looks at what of the brain each source shows, once it is known', () => {
    const low = axial([200, 220, 84]);
    const sources = [source(), source({ role: 't2', grid: low })];
    expect(check('coverage', { sources })).toMatchObject({
      level: 'amber',
      text: expect.stringMatching(/^brain-mr\/coverage-partial\(role\/t2, [78]\d\)$/),
    });
    const slab = [source(), source({ role: 't2', grid: axial([200, 220, 24]) })];
    expect(check('coverage', { sources: slab })?.level).toBe('red');
  });

  it('sees where the series ends in the brain', () => {
    const cut = pixels({ region: foundBrain([200, 220, 90]) });
    expect(check('coverage', cut)).toMatchObject({
      level: 'amber',
      text: 'brain-mr/coverage-brain-cut(face/lower), brain-mr/coverage-brain-cut(face/upper)',
    });
  });
});

describe('patients', () => {
  it('that differ are red, with both', () => {
    const patients = [
      { series: 'AX T1', patient: 'Doe^Anne, 12' },
      { series: 'AX T2', patient: 'Roe^Jane, 77' },
    ];
    expect(check('sources', { patients })).toMatchObject({
      level: 'red',
      text: 'preflight/two-patients("AX T1", "Doe^Anne, 12", "AX T2", "Roe^Jane, 77")',
      remedy: 'preflight/two-patients-remedy',
    });
  });
});

describe('resolution', () => {
  it.each([
    [[2, 2, 5], 'green'],
    [[2, 2, 7], 'amber'],
    [[9, 9, 5], 'amber'],
    [[2, 2, 13], 'red'],
    [[17, 17, 5], 'red'],
  ] as const)('of %s mm is %s for a model of 4 mm', (spacing, level) => {
    expect(check('resolution', { sources: [source({ grid: axial(undefined, [...spacing]) })] })?.level).toBe(
      level,
    );
  });
});

describe('alignment', () => {
  it('tells the motion found, and warns of much', () => {
    expect(check('alignment', {})?.text).toBe(
      'preflight/alignment-good(role/t2, role/t1, registration/found(0.2, 0.1))',
    );
    expect(check('alignment', moved({}))).toMatchObject({
      level: 'green',
      text: 'preflight/alignment-moved(role/t2, role/t1, registration/found(3.2, 1.2))',
    });
    expect(check('alignment', moved({ degrees: 12 }))?.level).toBe('amber');
  });

  it('warns of a source that may show another head', () => {
    expect(check('alignment', moved({ doubtful: true }))).toMatchObject({
      level: 'amber',
      text: 'brain-mr/doubtful(role/t2, role/t1)',
    });
  });

  it('is red when the series cannot be brought together', () => {
    const alignment = message('registration/no-overlap', { source: 'T2', reference: 'T1' });
    expect(check('alignment', pixels({ alignment }))).toMatchObject({
      level: 'red',
      text: 'registration/no-overlap("T2", "T1")',
    });
  });

  it('has nothing to do with one source', () => {
    const one = { sources: [source()], ...pixels({ alignment: new Map() }) };
    expect(check('alignment', one)?.text).toBe('preflight/alignment-one-source');
  });
});

describe('head', () => {
  const small = { ...foundBrain(), mask: foundBrain().mask.map((v, n) => (n % 2 ? v : 0)) };
  const none = { ...foundBrain(), mask: new Uint8Array(foundBrain().mask.length) };

  it.each([
    ['whole', foundBrain(), 'green', /^brain-mr\/head-whole\(1\d{3}\)$/],
    [
      'stripped',
      foundBrain(undefined, { stripped: true, strippedSources: ['t1', 't2'] }),
      'green',
      /^brain-mr\/head-stripped\(1\d{3}\)$/,
    ],
    [
      'mixed',
      foundBrain(undefined, { strippedSources: ['t2'] }),
      'amber',
      /^brain-mr\/head-mixed\(role\/t2, 1\d{3}\)$/,
    ],
    [
      'too small',
      small,
      'amber',
      /^brain-mr\/head-unusual-volume\(brain-mr\/head-whole\(5\d\d\), 800, 2000\)$/,
    ],
    ['without a brain', none, 'red', /^brain-mr\/head-too-little-brain\(0\)$/],
  ] as const)('%s', (_, region, level, text) => {
    expect(check('head', pixels({ region }))).toMatchObject({
      level,
      text: expect.stringMatching(text),
    });
  });
});

describe('fit', () => {
  it('is red for a model that cannot be read or does not know a contrast', () => {
    expect(check('fit', { model: unreachable })).toEqual({
      id: 'fit',
      level: 'red',
      text: 'bundle/unreachable("bundle.json")',
    });
    const manifest = { ...tinyManifest(), roles: ['t1', 't2'] as RoleId[] };
    expect(check('fit', { model: model(manifest) })).toMatchObject({
      level: 'red',
      text: 'preflight/fit-unknown-role("Tiny", role/flair)',
    });
  });

  it('warns of a single source', () => {
    expect(check('fit', { sources: [source()] })).toMatchObject({
      level: 'amber',
      text: 'preflight/fit-one-source(role/t1, 3)',
    });
  });

  it('warns of a brain that is larger than the model sees', () => {
    const manifest = tinyManifest();
    const sees = (size: [number, number]) => ({
      model: model({ ...manifest, grid: { ...manifest.grid, size } }),
    });
    expect(check('fit', sees([40, 36]))?.level).toBe('green');
    expect(check('fit', sees([32, 36]))?.level).toBe('amber');
    expect(check('fit', sees([20, 20]))?.level).toBe('red');
  });
});

describe('cost', () => {
  it('says that the time is not known rather than inventing one', () => {
    const machine = { provider: message('provider/gpu-half') };
    expect(check('cost', { machine })?.text).toMatch(
      /^preflight\/cost-time-unknown\(unit\/gigabytes\(0\.\d\), provider\/gpu-half\)$/,
    );
  });

  it('grows with the cost of the networks, and warns of half an hour', () => {
    const seconds = (flops: number, flopsPerSecond: number) => {
      const manifest = tinyManifest();
      for (const network of Object.values(manifest.networks)) network.flops = flops;
      const machine = { provider: message('provider/gpu-half'), flopsPerSecond };
      return check('cost', { model: model(manifest), machine });
    };
    const [few, more] = [seconds(1e9, 1e9), seconds(2e9, 1e9)].map(c =>
      Number(/unit\/(?:seconds|minutes)\((\d+)\)/.exec(c!.text)![1]),
    );
    expect(few).toBeGreaterThan(15);
    expect(more).toBeGreaterThan(few);
    expect(seconds(1e9, 1e9)?.text).toMatch(
      /^preflight\/cost\(unit\/seconds\(\d+\), unit\/gigabytes\(0\.\d\), provider\/gpu-half\)$/,
    );
    expect(seconds(8e9, 1e9)?.text).toMatch(/^preflight\/cost\(unit\/minutes\(\d+\), /);
    expect(seconds(64e9, 1e8)?.level).toBe('amber');
  });

  it('tells the time of some slices', () => {
    const seconds = (slices?: number) => {
      const machine = { provider: message('provider/gpu-half'), flopsPerSecond: 1e8 };
      const manifest = tinyManifest();
      for (const network of Object.values(manifest.networks)) network.flops = 1e9;
      const { text } = check('cost', { slices, model: model(manifest), machine })!;
      const [, unit, count] = /unit\/(seconds|minutes)\((\d+)\)/.exec(text)!;
      return Number(count) * (unit === 'minutes' ? 60 : 1);
    };
    expect(seconds(9)).toBeLessThan(seconds());
  });

  it('warns of little memory', () => {
    const machine = { provider: message('provider/gpu-half'), memory: 0.6e9 };
    expect(check('cost', { machine })).toMatchObject({
      level: 'amber',
      text: expect.stringMatching(/^preflight\/cost-memory\(preflight\/cost.*, unit\/gigabytes\(0\.6\)\)$/),
    });
  });
});

describe('download', () => {
  it('says what is still needed', () => {
    expect(check('download', { download: { needed: 24.24e6, missing: 1.2e6 } })?.text).toBe(
      'preflight/download-some(unit/megabytes(1.2), unit/megabytes(24.2))',
    );
    expect(check('download', {})?.text).toMatch(/^preflight\/download-none\(unit\/megabytes\(/);
  });
});
