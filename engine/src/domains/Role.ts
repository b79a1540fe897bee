import { en, type Message, message } from '../messages';

/** The four brain MR contrasts the product knows; the order is the channel order of every bundle. */
export const CONTRASTS = ['t1', 't1ce', 't2', 'flair'] as const;

/** `t1ce` is T1-weighted after gadolinium. DICOM's Modality is always MR here, hence "contrast" in code. */
export type Contrast = (typeof CONTRASTS)[number];

/** Names for people. */
export const CONTRAST_LABELS: Readonly<Record<Contrast, Message>> = {
  t1: message('contrast/t1'),
  t1ce: message('contrast/t1ce'),
  t2: message('contrast/t2'),
  flair: message('contrast/flair'),
};

/** Names for DICOM and for scripts, which are English. */
export const ENGLISH_NAMES: Readonly<Record<Contrast, string>> = {
  t1: en['contrast/t1'],
  t1ce: en['contrast/t1ce'],
  t2: en['contrast/t2'],
  flair: en['contrast/flair'],
};

export function isContrast(value: unknown): value is Contrast {
  return CONTRASTS.includes(value as Contrast);
}
