import * as z from 'zod/mini';
import type { Parameter } from '../Method';
import { message } from './en';
import { MOST } from './manifest';

/** What a person may choose. */
export const settings = {
  paths: { label: message('cmdm/paths'), min: 1, max: MOST.paths, whole: true },
} satisfies Record<string, Parameter>;

const count = z.int().check(z.positive());

/** How a job is done. */
export const options = z.strictObject({
  /** Whose mean is a cascade's result. */
  paths: count.check(z.lte(MOST.paths)),
  cascades: count.check(z.lte(MOST.cascades)),
});
export type CmdmOptions = z.infer<typeof options>;
