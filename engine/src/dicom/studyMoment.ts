import { type Dataset, text } from './Dataset';
import { patientOf } from './patient';

/**
 * Patient and start of a study: the same in studies that an export or anonymizer made of one. Null where no
 * StudyDate and StudyTime say when it was.
 */
export function studyMoment(instance: Dataset): string | null {
  const [date, time] = [text(instance.StudyDate)?.trim(), text(instance.StudyTime)?.trim()];
  if (!date || !time) return null;
  const { StudyID, AccessionNumber } = instance;
  return JSON.stringify([patientOf(instance), date, time, text(StudyID) ?? '', text(AccessionNumber) ?? '']);
}
