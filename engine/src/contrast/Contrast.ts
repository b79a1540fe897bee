import { type Sentence, say } from '../say';

/** The four brain MR contrasts the product knows; the order is the channel order of every bundle. */
export const CONTRASTS = ['t1', 't1ce', 't2', 'flair'] as const;

/** `t1ce` is T1-weighted after gadolinium. DICOM's Modality is always MR here, hence "contrast" in code. */
export type Contrast = (typeof CONTRASTS)[number];

/** Names for people. */
export const CONTRAST_LABELS: Readonly<Record<Contrast, Sentence>> = {
  t1: say`T1`,
  t1ce: say`T1 post-contrast`,
  t2: say`T2`,
  flair: say`FLAIR`,
};

export function isContrast(value: unknown): value is Contrast {
  return CONTRASTS.includes(value as Contrast);
}
