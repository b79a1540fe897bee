/** The four contrasts; the order is the channel order of every bundle. `t1ce` is T1 after gadolinium. */
export const ROLES = { t1: 'T1', t1ce: 'T1 post-contrast', t2: 'T2', flair: 'FLAIR' } as const;

/**
 * After a smaller dose of gadolinium than usual: a source of models that know of it, never made, and never
 * taken for the T1 with the full dose.
 */
export const LOW_DOSE = 't1ce-low';
export const SOURCE_ONLY = { [LOW_DOSE]: 'Low-dose T1 post-contrast' } as const;

export const ROLE_IDS: readonly string[] = Object.keys(ROLES);
