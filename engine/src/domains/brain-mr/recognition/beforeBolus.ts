import type { SeriesAttributes } from '../../../dicom/seriesAttributes';

/** Whether the acquisition began before the injection; false where one of the times is missing. */
export function beforeBolus({ ContrastBolusStartTime, AcquisitionTime }: SeriesAttributes): boolean {
  const [start, acquired] = [secondsOfDay(ContrastBolusStartTime), secondsOfDay(AcquisitionTime)];
  return start !== null && acquired !== null && acquired < start;
}

/** DICOM TM (PS3.5 6.2) as seconds of the day; null for none. */
export function secondsOfDay(time: string | undefined): number | null {
  const found = /^(\d{2})(\d{2})(?:(\d{2}(?:\.\d{1,6})?))?/.exec(time?.trim() ?? '');
  return found ? Number(found[1]) * 3600 + Number(found[2]) * 60 + Number(found[3] ?? 0) : null;
}
