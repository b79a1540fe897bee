import { identityOf, list, type Message, message } from '../messages';

/** Green runs, amber runs after a person has accepted it, red blocks. */
export const LEVELS = ['green', 'amber', 'red'] as const;
export type Level = (typeof LEVELS)[number];

/** What is checked before a job, in the order in which it is shown. */
export const CHECK_LABELS = {
  sources: message('check/sources'),
  coverage: message('check/coverage'),
  resolution: message('check/resolution'),
  alignment: message('check/alignment'),
  head: message('check/head'),
  fit: message('check/fit'),
  cost: message('check/cost'),
  download: message('check/download'),
} as const;
export type CheckId = keyof typeof CHECK_LABELS;

/** What one check found. */
export interface Finding {
  level: Level;
  text: Message;
  /** What can be done about it, one text. */
  remedy?: Message;
}

export interface Check extends Finding {
  id: CheckId;
}

export interface PreflightReport {
  /** The worst of the checks. */
  level: Level;
  checks: Check[];
  /** Checks that need what is not known yet: the pixels, or the model's description. */
  pending: CheckId[];
}

/** The worse of two or more levels; green of none. */
export function worst(levels: readonly Level[]): Level {
  return LEVELS[Math.max(0, ...levels.map(level => LEVELS.indexOf(level)))];
}

/**
 * One finding out of several troubles, the worst deciding; without any, green with `otherwise`.
 * Only troubles of the worst level are told: the others can wait.
 */
export function findingOf(troubles: readonly Finding[], otherwise: Message): Finding {
  const level = worst(troubles.map(t => t.level));
  const told = troubles.filter(t => t.level === level);
  if (told.length === 0) return { level, text: otherwise };
  const remedies = new Map(told.flatMap(({ remedy }) => (remedy ? [[identityOf(remedy), remedy]] : [])));
  return {
    level,
    text: list(told.map(t => t.text)),
    ...(remedies.size > 0 && { remedy: list([...remedies.values()]) }),
  };
}
