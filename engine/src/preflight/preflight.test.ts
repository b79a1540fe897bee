import { describe, expect, it } from 'vitest';
import type { Contrast } from '../contrast/Contrast';
import { list } from '../messages';
import { english } from '../messages/english';
import { axial, foundBrain, model, soundFacts, source } from '../testing/preflight';
import { read } from '../testing/read';
import { tinyManifest } from '../testing/tinyManifest';
import type { MotionFacts, PixelFacts, PreflightFacts } from './facts';
import { PreflightStop, stopAtRed } from './PreflightStop';
import { preflight } from './preflight';
import { CHECK_LABELS, type CheckId } from './report';

const check = (id: CheckId, facts: Partial<PreflightFacts>) =>
  read(preflight(soundFacts(facts)).checks).find(c => c.id === id);
const pixels = (more: Partial<PixelFacts>): Partial<PreflightFacts> => ({
  pixels: { ...soundFacts().pixels!, ...more },
});
const moved = (motion: Partial<MotionFacts>) =>
  pixels({
    alignment: new Map<Contrast, MotionFacts>([
      ['t2', { verdict: 'registered', millimetres: 3.24, degrees: 1.16, doubtful: false, ...motion }],
    ]),
  });

describe('preflight', () => {
  it('says yes to a sound job, with a text for every check in its order', () => {
    const { level, checks, pending } = preflight(soundFacts());
    expect({ level, pending }).toEqual({ level: 'green', pending: [] });
    expect(checks.map(c => c.id)).toEqual(Object.keys(CHECK_LABELS));
    for (const { level, text, remedy } of read(checks)) {
      expect(level).toBe('green');
      expect(text).toMatch(/^[^ ].*\.$/);
      expect(remedy).toBeUndefined();
    }
  });

  it('waits with what needs the pixels and the model', () => {
    const { sources, reference, targets } = soundFacts();
    const { checks, pending } = preflight({ sources, reference, targets });
    expect(checks.map(c => c.id)).toEqual(['sources', 'coverage']);
    expect(pending).toEqual(['resolution', 'alignment', 'head', 'fit', 'cost', 'download']);
  });

  it('is as bad as its worst check, and stops at red with text and remedy', () => {
    const amber = preflight(soundFacts(moved({ millimetres: 40 })));
    expect(amber.level).toBe('amber');
    expect(() => stopAtRed(amber)).not.toThrow();
    const red = preflight(
      soundFacts({ ...moved({ millimetres: 40 }), model: list(['The model is not there.']) }),
    );
    expect(red.level).toBe('red');
    expect(() => stopAtRed(red)).toThrow(PreflightStop);
    expect(new PreflightStop(red)).toMatchObject({
      code: 'preflight-red',
      message: '"The model is not there."',
    });
    expect(new PreflightStop(amber)).toMatchObject({
      code: 'preflight-amber',
      message:
        'preflight/alignment-moved(contrast/t2, contrast/t1, registration/found(40.0, 1.2)), preflight/alignment-much-remedy',
    });
  });
});

describe('sources', () => {
  it('are named with the reference', () => {
    expect(check('sources', {})?.text).toBe('T1 (“AX T1”), T2 (“AX T2”); the result gets the slices of T1.');
  });

  it('are amber where recognition is not sure', () => {
    const sources = [source(), source({ contrast: 't2', description: 'AX', confidence: 'low' })];
    expect(check('sources', { sources })).toMatchObject({
      level: 'amber',
      text: 'It is not sure that “AX” is T2.',
    });
  });

  it('are red where the geometry cannot be used', () => {
    const sources = [source(), source({ contrast: 't2', grid: list(['The series “AX T2” has holes.']) })];
    expect(check('sources', { sources })).toMatchObject({
      level: 'red',
      text: 'The series “AX T2” has holes.',
      remedy: 'Choose another series as T2, or none.',
    });
  });
});

describe('coverage', () => {
  it.each([
    [[200, 220, 160], 'green', '200 x 220 x 160 mm'],
    [[200, 220, 80], 'amber', 'T1 covers 200 x 220 x 80 mm'],
    [[200, 220, 40], 'red', 'a brain needs about 130 x 160 x 110 mm'],
    [[120, 220, 160], 'amber', 'T1 covers 120 x 220 x 160 mm'],
  ] as const)('of %s mm is %s before the brain is known', (size, level, words) => {
    const facts = { sources: [source({ grid: axial([...size]) })], pixels: undefined };
    expect(check('coverage', facts)).toMatchObject({ level, text: expect.stringContaining(words) });
  });

  it('looks at what of the brain each source shows, once it is known', () => {
    const low = axial([200, 220, 84]);
    const sources = [source(), source({ contrast: 't2', grid: low })];
    expect(check('coverage', { sources })).toMatchObject({
      level: 'amber',
      text: expect.stringMatching(/^T2 shows [78]\d % of the brain\.$/),
    });
    const slab = [source(), source({ contrast: 't2', grid: axial([200, 220, 24]) })];
    expect(check('coverage', { sources: slab })?.level).toBe('red');
  });

  it('sees where the series ends in the brain', () => {
    const cut = pixels({ brain: foundBrain([200, 220, 90]) });
    expect(check('coverage', cut)).toMatchObject({
      level: 'amber',
      text: 'The brain goes on beyond the lower end of the series. The brain goes on beyond the upper end of the series.',
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
    expect(check('alignment', {})?.text).toBe('T2 lies on T1 within 0.2 mm and 0.1 degrees.');
    expect(check('alignment', moved({}))).toMatchObject({
      level: 'green',
      text: 'T2 was moved onto T1 by 3.2 mm and 1.2 degrees.',
    });
    expect(check('alignment', moved({ degrees: 12 }))?.level).toBe('amber');
  });

  it('warns of a source that may show another head', () => {
    expect(check('alignment', moved({ doubtful: true }))).toMatchObject({
      level: 'amber',
      text: 'T2 fits T1 no better than another head would.',
    });
  });

  it('is red when the series cannot be brought together', () => {
    const text = list(['The T2 series does not overlap the T1 series.']);
    expect(check('alignment', pixels({ alignment: text }))).toMatchObject({
      level: 'red',
      text: english(text),
    });
  });

  it('has nothing to do with one source', () => {
    const one = { sources: [source()], ...pixels({ alignment: new Map() }) };
    expect(check('alignment', one)?.text).toContain('nothing to align');
  });
});

describe('head', () => {
  const small = { ...foundBrain(), mask: foundBrain().mask.map((v, n) => (n % 2 ? v : 0)) };
  const none = { ...foundBrain(), mask: new Uint8Array(foundBrain().mask.length) };

  it.each([
    ['whole', foundBrain(), 'green', /^Whole head; 1\d{3} mL/],
    [
      'stripped',
      foundBrain(undefined, { stripped: true, strippedSources: ['t1', 't2'] }),
      'green',
      /skull was removed/,
    ],
    ['mixed', foundBrain(undefined, { strippedSources: ['t2'] }), 'amber', /^T2 shows the brain alone/],
    ['too small', small, 'amber', /5\d\d mL.*An adult has 800 to 2000 mL/],
    ['without a brain', none, 'red', /^Only 0 mL/],
  ] as const)('%s', (_, brain, level, text) => {
    expect(check('head', pixels({ brain }))).toMatchObject({
      level,
      text: expect.stringMatching(text),
    });
  });
});

describe('fit', () => {
  it('is red for a model that cannot be read or does not know a contrast', () => {
    expect(check('fit', { model: list(['It is gone.']) })).toEqual({
      id: 'fit',
      level: 'red',
      text: 'It is gone.',
    });
    const manifest = { ...tinyManifest(), contrasts: ['t1', 't2'] as Contrast[] };
    expect(check('fit', { model: model(manifest) })).toMatchObject({
      level: 'red',
      text: 'The model Tiny does not know FLAIR.',
    });
  });

  it('warns of a single source', () => {
    expect(check('fit', { sources: [source()] })).toMatchObject({
      level: 'amber',
      text: 'There is one source, T1; the model can use 3.',
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
    const machine = { provider: 'Runs on the processor.' };
    expect(check('cost', { machine })?.text).toMatch(/^Time unknown before the first run/);
  });

  it('grows with the number of samples and targets, and warns of half an hour', () => {
    const manifest = tinyManifest();
    for (const network of Object.values(manifest.networks)) network.flops = 1e9;
    const seconds = (samples: number, targets: Contrast[], flopsPerSecond: number) =>
      check('cost', {
        targets,
        model: model(manifest, samples),
        machine: { provider: 'Here.', flopsPerSecond },
      });
    const [few, more] = [seconds(1, ['flair'], 1e9), seconds(8, ['flair', 't1ce'], 1e9)].map(c =>
      Number(/About (\d+) (?:s|min)/.exec(c!.text)![1]),
    );
    expect(few).toBeGreaterThan(15);
    expect(more).toBeGreaterThan(1);
    expect(seconds(1, ['flair'], 1e9)?.text).toMatch(/^About \d+ s, about 0\.\d GB of memory\. Here\.$/);
    expect(seconds(8, ['flair', 't1ce'], 1e9)?.text).toMatch(/^About \d+ min/);
    expect(seconds(64, ['flair', 't1ce'], 1e8)?.level).toBe('amber');
  });

  it('warns of little memory', () => {
    const machine = { provider: 'Here.', memory: 0.6e9 };
    expect(check('cost', { machine })).toMatchObject({
      level: 'amber',
      text: expect.stringContaining('The machine has 0.6 GB.'),
    });
  });
});

describe('download', () => {
  it('says what is still needed', () => {
    expect(check('download', { download: { needed: 24.24e6, missing: 1.2e6 } })?.text).toBe(
      "1.2 MB of the model's 24.2 MB must be downloaded.",
    );
    expect(check('download', {})?.text).toContain('nothing to download');
  });
});
