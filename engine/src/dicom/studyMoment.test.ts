import { expect, it } from 'vitest';
import { studyMoment } from './studyMoment';

it('knows studies that were one by their patient and time', () => {
  const one = {
    PatientID: '7',
    PatientName: 'A^B',
    StudyDate: '20260101',
    StudyTime: '120001',
    StudyID: '1',
  };
  const same = studyMoment({ ...one, StudyInstanceUID: '1.2' });
  expect(same).not.toBeNull();
  expect(studyMoment({ ...one, StudyInstanceUID: '1.3' })).toBe(same);
  expect(studyMoment({ ...one, StudyTime: '120002' })).not.toBe(same);
  expect(studyMoment({ ...one, PatientID: '8' })).not.toBe(same);
  expect(studyMoment({ ...one, StudyTime: '' })).toBeNull();
  expect(studyMoment({})).toBeNull();
});
