import { describe, expect, it, vi } from 'vitest';
import { METHODS } from './methods';
import {
  PROGRESS_TOTAL,
  type Progress,
  ProgressMeter,
  paced,
  type Step,
  stageName,
  stageNames,
} from './progress';
import { methodStep, regionStep } from './testing/methodStep';

type CommonStep = Exclude<Step, { stage: 'region' | 'method' }>;
const STAGES = stageNames(METHODS[0].stages, 'brain');
const common: readonly CommonStep['stage'][] = ['read', 'register', 'download', 'check', 'prepare', 'finish'];
/** A step of the job, of its method or of finding the region. */
const step = (name: string, done: number, of: number): Step => {
  const stage = common.find(one => one === name);
  if (name === 'brain') return regionStep(done, of);
  return stage ? { stage, done, of } : methodStep(name, done, of, 'flair');
};

function reports(steps: readonly Step[]): Progress[] {
  const out: Progress[] = [];
  const meter = new ProgressMeter(progress => out.push(progress));
  for (const s of steps) meter.step(s);
  return out;
}

describe('ProgressMeter', () => {
  const whole = STAGES.flatMap((stage, n) => Array.from({ length: n + 3 }, (_, i) => step(stage, i, n + 2)));

  it('gives every stage its share', () => {
    const full = STAGES.map(stage => reports([step(stage, 1, 1)])[0]);
    expect(full.map(progress => [stageName(progress), progress.completed])).toEqual([
      ['read', 100],
      ['register', 150],
      ['brain', 230],
      ['download', 280],
      ['check', 300],
      ['prepare', 320],
      ['images', 896],
      ['samples', 960],
      ['finish', 1000],
    ]);
  });

  it('rises to exactly the total, which never changes', () => {
    const out = reports(whole);
    expect(out).toHaveLength(whole.length);
    for (const [n, { completed, total }] of out.entries()) {
      expect(total).toBe(PROGRESS_TOTAL);
      expect(completed).toBeGreaterThanOrEqual(n ? out[n - 1].completed : 0);
      expect(completed).toBeLessThanOrEqual(PROGRESS_TOTAL);
    }
    expect(out[0].completed).toBe(0);
    expect(out.at(-1)!.completed).toBe(PROGRESS_TOTAL);
  });

  it('reaches the total with the last step of finish only', () => {
    const [before, after] = reports([step('finish', 2, 3), step('finish', 3, 3)]);
    expect(before.completed).toBeLessThan(PROGRESS_TOTAL);
    expect(after.completed).toBe(PROGRESS_TOTAL);
  });

  it('never goes back, whatever the order of the steps', () => {
    const out = reports([
      step('images', 1, 2),
      step('prepare', 0, 5),
      step('images', 0, 9),
      step('images', 2, 2),
    ]);
    expect(out[1].completed).toBe(out[0].completed);
    expect(out[2].completed).toBe(out[0].completed);
    expect(out[3].completed).toBeGreaterThan(out[0].completed);
  });

  it('hands the step on as it came', () => {
    expect(reports([step('samples', 3, 8)])[0]).toMatchObject({
      ...{ stage: 'method', part: 'samples', done: 3, of: 8 },
      text: METHODS[0].stages[1].text({ stage: 'samples', done: 3, of: 8, target: 'flair' }),
    });
  });

  it('ends a stage that has nothing to do', () => {
    const [empty] = reports([step('download', 0, 0)]);
    const [full] = reports([step('download', 7, 7)]);
    expect(empty.completed).toBe(full.completed);
  });

  it('stays within the stage when a count overshoots', () => {
    const [over] = reports([step('images', 9, 4)]);
    const [next] = reports([step('samples', 0, 4)]);
    expect(over.completed).toBe(next.completed);
  });

  it('works as a bare function', () => {
    const out: Progress[] = [];
    const { step: bare } = new ProgressMeter(p => out.push(p));
    bare(step('read', 1, 1));
    expect(out).toHaveLength(1);
  });
});

describe('paced', () => {
  it('passes on ten reports a second, and the first and the last of each stage', () => {
    const clock = vi.spyOn(performance, 'now').mockReturnValue(1000);
    const out: string[] = [];
    const meter = new ProgressMeter(paced(p => out.push(`${stageName(p)} ${p.done}`)));
    for (let done = 1; done <= 30; done++) {
      meter.step(step('read', done, 30));
      clock.mockReturnValue(1000 + 20 * done);
    }
    meter.step(step('register', 1, 2));
    expect(out).toEqual([
      'read 1',
      'read 6',
      'read 11',
      'read 16',
      'read 21',
      'read 26',
      'read 30',
      'register 1',
    ]);
    clock.mockRestore();
  });
});
