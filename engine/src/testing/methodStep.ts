import type { Contrast } from '../domains/Role';
import { METHODS } from '../methods';
import { type Step, stepsOf } from '../progress';

/** A step of the first method, as a job hears of it. */
export function methodStep(stage: string, done: number, of: number, target?: Contrast): Step {
  const heard: Step[] = [];
  stepsOf(METHODS[0].stages, step => heard.push(step))({ stage, done, of, target });
  if (heard.length !== 1) throw new RangeError(`There is no stage ${stage}.`);
  return heard[0];
}
