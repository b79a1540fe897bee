import { expect, it } from 'vitest';
import { openStudies } from './page';

it.each([
  ['', []],
  ['?startDate=20200101', []],
  ['?StudyInstanceUIDs=1.2.3', ['1.2.3']],
  ['?StudyInstanceUIDs=1.2.3,1.2.4&hangingProtocolId=x', ['1.2.3', '1.2.4']],
  ['?StudyInstanceUIDs=1.2.3&StudyInstanceUIDs=1.2.4', ['1.2.3', '1.2.4']],
  ['?studyInstanceUIDs=1.2.3', ['1.2.3']],
  ['?StudyInstanceUIDs=1.2.3%2C1.2.4', ['1.2.3', '1.2.4']],
  ['?url=/servers.json&studyInstanceUIDs=1.2.3;1.2.4', ['1.2.3', '1.2.4']],
])('reads the studies of “%s”', (search, studies) => {
  expect(openStudies(search)).toEqual(studies);
});
