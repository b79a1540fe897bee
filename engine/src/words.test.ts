import { describe, expect, it } from 'vitest';
import { english } from './messages/english';
import { PROGRESS_TOTAL, type Progress, type Step } from './progress';
import { methodStep } from './testing/methodStep';
import { read } from './testing/read';
import { alignmentWords, progressWords, timeLeftWords, warnings } from './words';

const at = (step: Step, completed = 0): Progress => ({ ...step, completed, total: PROGRESS_TOTAL });

describe('progressWords', () => {
  it.each([
    [{ stage: 'read', done: 3, of: 12 }, 'Reading image 3 of 12'],
    [{ stage: 'download', done: 1_250_000, of: 24_000_000 }, 'Loading the model: 1.3 of 24.0 MB'],
    [methodStep('diffusion', 4, 20, 't1ce'), 'Predicting T1 post-contrast: step 4 of 20'],
    [{ stage: 'finish', done: 0, of: 1 }, 'Writing the DICOM series'],
  ] as const)('describes %j', (step, words) => {
    expect(english(progressWords(at(step)))).toBe(words);
  });

  it.each(['brain', 'check', 'prepare'] as const)('counts the steps of %s', stage => {
    expect(english(progressWords(at({ stage, done: 2, of: 7 })))).toMatch(/2 of 7$/);
  });

  it.each(['tokens', 'images'])('counts the steps of %s, a stage of the method', stage => {
    expect(english(progressWords(at(methodStep(stage, 2, 7))))).toMatch(/2 of 7$/);
  });
});

describe('timeLeftWords', () => {
  const left = (share: number, elapsed: number) =>
    timeLeftWords(at(methodStep('images', 0, 1), share * PROGRESS_TOTAL), elapsed);

  it.each([
    [0.05, 60_000, null],
    [0.5, 1_000, null],
    [0.5, 10_000, 'about 10 s left'],
    [0.5, 11_000, 'about 15 s left'],
    [0.25, 10_000, 'about 30 s left'],
    [0.5, 89_000, 'about 90 s left'],
    [0.5, 90_000, 'about 2 min left'],
    [0.1, 60_000, 'about 9 min left'],
    [0.99, 10_000, 'almost done'],
    [1, 10_000, 'almost done'],
  ])('at share %d after %d ms says %j', (share, elapsed, words) => {
    expect(read(left(share, elapsed))).toBe(words);
  });
});

describe('warnings', () => {
  it('says of every contrast that it was not measured', () => {
    for (const target of ['t1', 't1ce', 't2', 'flair'] as const)
      expect(english(warnings(target)[0])).toBe('Predicted, not measured.');
  });

  it('says of a T1 post-contrast that enhancement cannot be excluded', () => {
    expect(warnings('t1ce')).toHaveLength(2);
    expect(english(warnings('t1ce')[1])).toContain('excludes nothing');
    expect(warnings('t2')).toHaveLength(1);
  });
});

describe('alignmentWords', () => {
  const found = { contrast: 't2', millimetres: 3.06, degrees: 1.24 } as const;

  it('tells the motion and what became of it', () => {
    expect(english(alignmentWords({ ...found, transform: Array(16).fill(0) }, 't1'))).toBe(
      'T2 moved 3.1 mm, 1.2 degrees; registered onto T1',
    );
    expect(english(alignmentWords(found, 't1'))).toBe('T2 aligned with T1 within 3.1 mm, 1.2 degrees');
  });
});
