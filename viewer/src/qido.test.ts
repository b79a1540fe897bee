import { describe, expect, it } from 'vitest';
import type { DicomJson } from './dicomJson';
import { matches, search } from './qido';

const text = (vr: string, ...values: string[]) => ({ vr, Value: values });
const name = (alphabetic: string) => ({ vr: 'PN', Value: [{ Alphabetic: alphabetic }] });

describe('matches', () => {
  it('takes * and ? as wildcards, and every other sign as itself', () => {
    expect(matches(name('Nobody^Anne'), '*body*')).toBe(true);
    expect(matches(name('Nobody^Anne'), 'nobody?anne')).toBe(true);
    expect(matches(name('Nobody^Anne'), 'body')).toBe(false);
    expect(matches(text('LO', 'a.b'), 'a.b')).toBe(true);
    expect(matches(text('LO', 'axb'), 'a.b')).toBe(false);
    expect(matches(text('LO', 'W/WO (fast)'), '*(fast)')).toBe(true);
  });

  it('finds an absent value only when anything will do', () => {
    expect(matches(undefined, '*')).toBe(true);
    expect(matches(undefined, '1')).toBe(false);
    expect(matches({ vr: 'SH' }, '**')).toBe(true);
  });

  it('takes closed and open ranges of dates', () => {
    const date = text('DA', '20200131');
    expect(matches(date, '20200131')).toBe(true);
    expect(matches(date, '20200101-20200131')).toBe(true);
    expect(matches(date, '20200201-20201231')).toBe(false);
    expect(matches(date, '20200131-')).toBe(true);
    expect(matches(date, '-20200130')).toBe(false);
    expect(matches({ vr: 'DA' }, '-20200130')).toBe(false);
  });

  it('takes lists of UIDs and codes, with a comma or a backslash', () => {
    expect(matches(text('UI', '1.2.3'), '1.2.4,1.2.3')).toBe(true);
    expect(matches(text('UI', '1.2.3'), '1.2.4\\1.2.3')).toBe(true);
    expect(matches(text('UI', '1.2.3'), '1.2')).toBe(false);
    expect(matches(text('CS', 'MR', 'SEG'), 'CT,SEG')).toBe(true);
  });

  it('does not split names at commas', () => {
    expect(matches(name('Nobody, Anne'), 'Nobody, Anne')).toBe(true);
  });
});

describe('search', () => {
  const studies: DicomJson[] = [
    { '0020000D': text('UI', '1.1'), '00100010': name('Ash'), '00080061': text('CS', 'MR') },
    { '0020000D': text('UI', '1.2'), '00100010': name('Beech'), '00080061': text('CS', 'MR', 'PR') },
    { '0020000D': text('UI', '1.3'), '00100010': name('Cedar'), '00080061': text('CS', 'CT') },
  ];
  const found = (query: Record<string, string[]>) =>
    search(studies, 'study', query).map(study => study['0020000D']?.Value?.[0]);

  it('asks all filters, and passes over what is no attribute', () => {
    expect(found({ PatientName: ['*e*'], ModalitiesInStudy: ['MR'], includefield: ['all'] })).toEqual([
      '1.2',
    ]);
  });

  it('knows attributes by keyword and by tag, upper or lower case', () => {
    expect(found({ '0020000d': ['1.3'] })).toEqual(['1.3']);
    expect(found({ StudyInstanceUID: ['1.1\\1.3'] })).toEqual(['1.1', '1.3']);
  });

  it('takes any of several values of one name', () => {
    expect(found({ ModalitiesInStudy: ['PR', 'CT'] })).toEqual(['1.2', '1.3']);
  });

  it('takes an empty value for no filter', () => {
    expect(found({ PatientName: [''] })).toHaveLength(3);
  });

  it('pages', () => {
    expect(found({ limit: ['1'], offset: ['1'] })).toEqual(['1.2']);
    expect(found({ limit: ['101'], offset: ['0'] })).toHaveLength(3);
    expect(found({ offset: ['5'] })).toEqual([]);
  });
});
