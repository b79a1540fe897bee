import { errors } from './errors';
import { job } from './job';
import { model } from './model';
import { panel } from './panel';
import { preflight } from './preflight';
import { recognition } from './recognition';
import { results } from './results';
import { series } from './series';
import { storing } from './storing';

/** German. */
export const de = {
  ...panel,
  ...recognition,
  ...series,
  ...preflight,
  ...job,
  ...errors,
  ...results,
  ...storing,
  ...model,
};
