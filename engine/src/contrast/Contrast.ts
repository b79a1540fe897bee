/** The four brain MR contrasts the product knows; the order is the channel order of every bundle. */
export const CONTRASTS = ['t1', 't1ce', 't2', 'flair'] as const;

/** `t1ce` is T1-weighted after gadolinium. DICOM's Modality is always MR here, hence "contrast" in code. */
export type Contrast = (typeof CONTRASTS)[number];

/** Names for people. */
export const CONTRAST_LABELS: Readonly<Record<Contrast, string>> = {
  t1: 'T1',
  t1ce: 'T1 post-contrast',
  t2: 'T2',
  flair: 'FLAIR',
};

export function isContrast(value: unknown): value is Contrast {
  return CONTRASTS.includes(value as Contrast);
}
