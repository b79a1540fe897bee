import { describe, expect, it } from 'vitest';
import { alignmentMessage, disclaimers, progressMessage, timeLeftMessage } from './jobMessages';
import { PROGRESS_TOTAL, type Progress, type Step } from './progress';
import { coded } from './testing/coded';
import { methodStep, regionStep } from './testing/methodStep';

const at = (step: Step, completed = 0): Progress => ({ ...step, completed, total: PROGRESS_TOTAL });

describe('progressMessage', () => {
  it.each([
    [{ stage: 'read', done: 3, of: 12 }, 'progress/read(3, 12)'],
    [{ stage: 'download', done: 1_250_000, of: 24_000_000 }, 'progress/download(1.3, 24.0)'],
    [methodStep('samples', 4, 20, 't1ce'), 'cdm/samples(4, 20)'],
    [regionStep(2, 7), 'brain-mr/progress(2, 7)'],
    [{ stage: 'finish', done: 0, of: 1 }, 'progress/finish'],
  ] as const)('describes %j', (step, words) => {
    expect(coded(progressMessage(at(step)))).toBe(words);
  });

  it.each(['check', 'prepare'] as const)('counts the steps of %s', stage => {
    expect(coded(progressMessage(at({ stage, done: 2, of: 7 })))).toBe(`progress/${stage}(2, 7)`);
  });

  it.each(['images', 'samples'])('counts the steps of %s, a stage of the method', stage => {
    expect(coded(progressMessage(at(methodStep(stage, 2, 7))))).toBe(`cdm/${stage}(2, 7)`);
  });
});

describe('timeLeftMessage', () => {
  const left = (share: number, elapsed: number) =>
    timeLeftMessage(at(methodStep('images', 0, 1), share * PROGRESS_TOTAL), elapsed);

  it.each([
    [0.05, 60_000, null],
    [0.5, 1_000, null],
    [0.5, 10_000, 'progress/seconds-left(10)'],
    [0.5, 11_000, 'progress/seconds-left(15)'],
    [0.25, 10_000, 'progress/seconds-left(30)'],
    [0.5, 89_000, 'progress/seconds-left(90)'],
    [0.5, 90_000, 'progress/minutes-left(2)'],
    [0.1, 60_000, 'progress/minutes-left(9)'],
    [0.99, 10_000, 'progress/almost-done'],
    [1, 10_000, 'progress/almost-done'],
  ])('at share %d after %d ms says %j', (share, elapsed, words) => {
    expect(coded(left(share, elapsed))).toBe(words);
  });
});

describe('disclaimers', () => {
  const domain = 'brain-mr';
  const sources = [{ role: 't1' }];

  it('says of every contrast that it was not measured', () => {
    for (const target of ['t1', 't1ce', 't2', 'flair'] as const)
      expect(coded(disclaimers({ domain, sources, target })[0])).toBe('caution/predicted');
  });

  it('says of a sample that it is one', () => {
    expect(coded(disclaimers({ domain, sources, target: 't2', parameters: { sample: 2 } }))).toEqual([
      'caution/predicted',
      'caution/sample(2)',
    ]);
    expect(disclaimers({ domain, sources, target: 't2', parameters: { sample: 0, dose: 1 } })).toHaveLength(
      1,
    );
  });

  it('says of a T1 post-contrast that enhancement cannot be excluded', () => {
    expect(coded(disclaimers({ domain, sources, target: 't1ce' }))).toEqual([
      'caution/predicted',
      'brain-mr/caution/enhancement',
    ]);
    expect(disclaimers({ domain, sources, target: 't2' })).toHaveLength(1);
  });

  it('says of one from a smaller dose what was simulated', () => {
    const shown = [...sources, { role: 't1ce-low' }];
    expect(coded(disclaimers({ domain, sources: shown, target: 't1ce' })).at(-1)).toBe(
      'brain-mr/caution/dose',
    );
  });

  it('says what the bundle says of the target', () => {
    const caution = 'It is a guess.';
    expect(disclaimers({ domain, sources, target: 't2', caution }).at(-1)).toBe(caution);
  });
});

describe('alignmentMessage', () => {
  const found = { role: 't2', millimetres: 3.06, degrees: 1.24 } as const;

  it('tells the motion and what became of it', () => {
    expect(coded(alignmentMessage({ ...found, transform: Array(16).fill(0) }, 't1'))).toBe(
      'registration/moved(role/t2, registration/motion(3.1, 1.2), role/t1)',
    );
    expect(coded(alignmentMessage(found, 't1'))).toBe(
      'registration/aligned(role/t2, role/t1, registration/motion(3.1, 1.2))',
    );
  });
});
