import type { SeriesAttributes } from '../../../dicom/seriesAttributes';
import type { Message } from '../../../messages';
import { message } from '../en';
import { imageTypes } from './imageTypes';
import { evidenceOf, find, type Name, terms } from './names';

const NAMES = terms(
  ...['*reformat*', 'recon*', '*rekon*', 'ricostr*', 'multiplanar'],
  ...['mpr(?:ax|cor|sag|tra)*', 'mpr (?:ob*|range*)'],
);
const TYPES = ['MPR', 'REFORMATTED', 'PROJECTION IMAGE', 'CSA MPR', 'CURVED', 'RESAMPLED'];
/** "t1_mpr_sag" is an MPRAGE, "t1_mprage_MPR_sag" a reformat of one. */
const LAST_MPR = /(?<= )mpr(?: (?:ax|cor|sag|tra)\S*)?(?= $)/;

/** Evidence that a series is a reformat of another one, or null. */
export function reformatReason(attributes: SeriesAttributes, names: readonly Name[]): Message | null {
  const types = imageTypes(attributes);
  const type = TYPES.find(value => types.includes(value));
  if (type) return message('brain-mr/recognition/image-type', { imageType: type });
  const found = find(names, NAMES) ?? (types[0] === 'ORIGINAL' ? null : find(names.slice(0, 1), LAST_MPR));
  return found && evidenceOf(found.name, found.words);
}
