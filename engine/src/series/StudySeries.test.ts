import { describe, expect, it } from 'vitest';
import type { Dataset } from '../dicom/Dataset';
import { patientOf } from '../dicom/patient';
import { series } from '../testing/series';
import { differentPatients } from './StudySeries';

const anne = { PatientID: '12', PatientName: [{ Alphabetic: 'Doe^Anne' }], PatientBirthDate: '19700101' };
const of = (description: string, ...headers: Dataset[]) =>
  series(description, { patients: headers.map(patientOf) });

describe('differentPatients', () => {
  it.each([
    ['PatientID', { PatientID: '77' }, 'Doe^Anne, 77, 19700101'],
    ['PatientName', { PatientName: 'Roe^Anne' }, 'Roe^Anne, 12, 19700101'],
    ['PatientBirthDate', { PatientBirthDate: '19710101' }, 'Doe^Anne, 12, 19710101'],
  ])('finds another %s', (_, change, other) => {
    const changed = { ...anne, ...change };
    const both = (second: string) => [
      { series: 'AX T1', patient: 'Doe^Anne, 12, 19700101' },
      { series: second, patient: other },
    ];
    expect(differentPatients([of('AX T1', anne), of('AX T2', changed)])).toEqual(both('AX T2'));
    expect(differentPatients([of('AX T1', anne, changed)])).toEqual(both('AX T1'));
  });

  it('finds another PatientSex, and names it', () => {
    const men = { ...anne, PatientSex: 'M' };
    expect(differentPatients([of('AX T1', { ...anne, PatientSex: 'F ' }), of('AX T2', men)])).toEqual([
      { series: 'AX T1', patient: 'Doe^Anne, 12, 19700101, F' },
      { series: 'AX T2', patient: 'Doe^Anne, 12, 19700101, M' },
    ]);
    expect(differentPatients([of('AX T1', { ...anne, PatientSex: 'O' }), of('AX T2', men)])).toEqual([]);
  });

  it('takes for one whom a header says less of, or in other letters', () => {
    const headers = [
      { PatientName: 'DOE^ANNE^^' },
      {},
      { ...anne, PatientName: 'Doe Anne=安妮', PatientID: '12 ' },
    ];
    expect(differentPatients([of('AX T1', anne), ...headers.map(header => of('AX T2', header))])).toEqual([]);
  });
});
