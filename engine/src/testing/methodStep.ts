import { message } from '../domains/brain-mr/en';
import type { RoleId } from '../domains/Role';
import { METHODS } from '../methods';
import { type Step, stepsOf } from '../progress';

/** A step of the first method, as a job hears of it. */
export function methodStep(stage: string, done: number, of: number, target?: RoleId): Step {
  const heard: Step[] = [];
  stepsOf(METHODS[0].stages, step => heard.push(step))({ stage, done, of, target });
  if (heard.length !== 1) throw new RangeError(`There is no stage ${stage}.`);
  return heard[0];
}

/** A step of finding the brain. */
export function regionStep(done: number, of: number): Step {
  return { stage: 'region', part: 'brain', done, of, text: message('brain-mr/progress', { done, of }) };
}
