import type { Message } from '../messages';

/** What a series is to a job, as source or as target: in MR of the brain its contrast. */
export type RoleId = string;

/** Name for people; the catalogs of its domain have the text. */
export function roleLabel(id: RoleId): Message {
  return { code: `role/${id}`, params: {} };
}
