import { identityOf, list, type Message } from '../messages';

/** Green runs, amber runs after the user has accepted it, red blocks. */
export const LEVELS = ['green', 'amber', 'red'] as const;
export type Level = (typeof LEVELS)[number];

/** Checks before a job, in the order of display. */
export const CHECK_IDS = [
  'server',
  'sources',
  'coverage',
  'resolution',
  'alignment',
  'head',
  'fit',
  'parameters',
  'cost',
  'download',
] as const;
export type CheckId = (typeof CHECK_IDS)[number];

/** Result of one check. */
export interface Finding {
  level: Level;
  text: Message;
  /** What the user can do about it. */
  remedy?: Message;
}

export interface Check extends Finding {
  id: CheckId;
}

export interface PreflightReport {
  /** The worst of the checks. */
  level: Level;
  checks: Check[];
  /** Checks without their facts yet: the pixels, or the manifest. */
  pending: CheckId[];
  /** How long the job will take; absent while it is unknown. */
  duration?: Message;
  /** How much of the model is downloaded first; absent where nothing is, or while it is unknown. */
  download?: Message;
}

/** Worst level; green without any. */
export function worst(levels: readonly Level[]): Level {
  return LEVELS[Math.max(0, ...levels.map(level => LEVELS.indexOf(level)))];
}

/**
 * Joins the findings of the worst level; without any, green with `otherwise`.
 */
export function findingOf(troubles: readonly Finding[], otherwise: Message): Finding {
  const level = worst(troubles.map(t => t.level));
  const worstOnes = troubles.filter(t => t.level === level);
  if (worstOnes.length === 0) return { level, text: otherwise };
  const remedies = new Map(worstOnes.flatMap(({ remedy }) => (remedy ? [[identityOf(remedy), remedy]] : [])));
  return {
    level,
    text: list(worstOnes.map(t => t.text)),
    ...(remedies.size > 0 && { remedy: list([...remedies.values()]) }),
  };
}
