import { errors } from './errors';
import { job } from './job';
import { model } from './model';
import { panel } from './panel';
import { preflight } from './preflight';
import { recognition } from './recognition';
import { results } from './results';
import { series } from './series';
import { storing } from './storing';

/** German, by the English text; `{{0}}`, `{{1}}` ... are the same places in both. */
export const de: Readonly<Record<string, string>> = {
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
