import { english, joined, type Sentence, say } from '../say';

/** Green runs, amber runs after a person has accepted it, red blocks. */
export const LEVELS = ['green', 'amber', 'red'] as const;
export type Level = (typeof LEVELS)[number];

/** What is checked before a job, in the order in which it is shown. */
export const CHECK_LABELS = {
  sources: say`Sources and roles`,
  coverage: say`Coverage of the head`,
  resolution: say`Resolution`,
  alignment: say`Alignment`,
  head: say`Whole head or stripped`,
  fit: say`Fit to the model`,
  cost: say`Time and memory`,
  download: say`Download`,
} as const;
export type CheckId = keyof typeof CHECK_LABELS;

/** What one check found. */
export interface Finding {
  level: Level;
  sentence: Sentence;
  /** What can be done about it, one sentence. */
  remedy?: Sentence;
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
export function findingOf(troubles: readonly Finding[], otherwise: Sentence): Finding {
  const level = worst(troubles.map(t => t.level));
  const told = troubles.filter(t => t.level === level);
  if (told.length === 0) return { level, sentence: otherwise };
  const remedies = new Map(told.flatMap(({ remedy }) => (remedy ? [[english(remedy), remedy]] : [])));
  return {
    level,
    sentence: joined(told.map(t => t.sentence)),
    ...(remedies.size > 0 && { remedy: joined([...remedies.values()]) }),
  };
}
