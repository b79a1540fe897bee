import type { SeriesAttributes } from '../../../dicom/seriesAttributes';

/** Philips' suffix of a kind of image: the kind of echo, as in "R_IR". */
const ECHO = /(?<=^[A-Z]{1,3})_(?:FFE|SE|IR|TFE|TSE|EPI|GRASE)$/;

/** Values of ImageType, PS3.3 C.8.3.1.1.1, in upper case, without the kind of echo. */
export function imageTypes({ ImageType = [] }: SeriesAttributes): string[] {
  return ImageType.map(value => value.trim().toUpperCase().replace(ECHO, ''));
}
