import { type Dataset, text } from './Dataset';

/** Who an image shows; absent where its header does not say. */
export interface Patient {
  PatientID?: string;
  PatientName?: string;
  PatientBirthDate?: string;
  /** M or F; other values say nothing. */
  PatientSex?: string;
}

export function patientOf({ PatientID, PatientName, PatientBirthDate, PatientSex }: Dataset): Patient {
  const sex = text(PatientSex)?.trim().toUpperCase() ?? '';
  return {
    PatientID: text(PatientID)?.trim() || undefined,
    PatientName: personName(PatientName) || undefined,
    PatientBirthDate: text(PatientBirthDate)?.trim() || undefined,
    PatientSex: sex === 'M' || sex === 'F' ? sex : undefined,
  };
}

/** Whether nothing that both say differs. Case, spaces and empty components of names do not count. */
export function samePatient(a: Patient, b: Patient): boolean {
  const differ = (one = '', other = '') => one !== '' && other !== '' && one !== other;
  return !(
    differ(a.PatientID, b.PatientID) ||
    differ(plain(a.PatientName), plain(b.PatientName)) ||
    differ(a.PatientBirthDate, b.PatientBirthDate) ||
    differ(a.PatientSex, b.PatientSex)
  );
}

/** As one text, for people. */
export function describePatient({ PatientID, PatientName, PatientBirthDate }: Patient): string {
  return [...new Set([PatientName, PatientID, PatientBirthDate])].filter(Boolean).join(', ');
}

function personName(value: unknown): string | undefined {
  const one: unknown = Array.isArray(value) ? value[0] : value;
  if (typeof one !== 'object' || one === null) return text(one)?.split('=')[0].trim();
  if ('Alphabetic' in one) return text(one.Alphabetic)?.trim();
  // dcmjs wraps the names that it writes.
  return one instanceof String ? one.split('=')[0].trim() : undefined;
}

function plain(name = ''): string {
  return name
    .toUpperCase()
    .split(/[\s^,]+/)
    .filter(Boolean)
    .join('^');
}
