/** The four contrasts; the order is the channel order of every bundle. `t1ce` is T1 after gadolinium. */
export const ROLES = { t1: 'T1', t1ce: 'T1 post-contrast', t2: 'T2', flair: 'FLAIR' } as const;

export const ROLE_IDS: readonly string[] = Object.keys(ROLES);
