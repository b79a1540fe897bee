import { type Dataset, number } from './Dataset';

/** ms; writers put the largest number there is where nothing was inverted. */
const NO_INVERSION = 1e6;

/**
 * InversionTime, or the first of several InversionTimes that is one, ms; undefined where nothing was
 * inverted.
 */
export function inversionTime({ InversionTime, InversionTimes }: Dataset): number | undefined {
  const times = [InversionTime ?? InversionTimes].flat().map(number);
  return times.find(time => time !== undefined && time > 0 && time < NO_INVERSION);
}
