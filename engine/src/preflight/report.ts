/** Green runs, amber runs after a person has accepted it, red blocks. */
export const LEVELS = ['green', 'amber', 'red'] as const;
export type Level = (typeof LEVELS)[number];

/** What is checked before a job, in the order in which it is shown. */
export const CHECK_LABELS = {
  sources: 'Sources and roles',
  coverage: 'Coverage of the head',
  resolution: 'Resolution',
  alignment: 'Alignment',
  head: 'Whole head or stripped',
  fit: 'Fit to the model',
  cost: 'Time and memory',
  download: 'Download',
} as const;
export type CheckId = keyof typeof CHECK_LABELS;

/** What one check found. */
export interface Finding {
  level: Level;
  sentence: string;
  /** What can be done about it, one sentence. */
  remedy?: string;
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
export function findingOf(troubles: readonly Finding[], otherwise: string): Finding {
  const level = worst(troubles.map(t => t.level));
  const told = troubles.filter(t => t.level === level);
  if (told.length === 0) return { level, sentence: otherwise };
  const remedies = new Set(told.flatMap(t => t.remedy ?? []));
  return {
    level,
    sentence: told.map(t => t.sentence).join(' '),
    ...(remedies.size > 0 && { remedy: [...remedies].join(' ') }),
  };
}
