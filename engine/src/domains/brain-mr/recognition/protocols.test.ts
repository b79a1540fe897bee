import { describe, expect, it } from 'vitest';
import { readProtocols } from '../../../testing/protocols';
import { recognize } from './recognize';

describe('published protocols', () => {
  it.each(
    readProtocols().map(row => [`${row.vendor}, ${row.source}: ${row.tags.SeriesDescription}`, row] as const),
  )('%s', (_, { want, tags }) => {
    const { role, refused } = recognize({ Modality: 'MR', ...tags });
    expect(refused ? null : role).toBe(want);
    // Times alone give the same, or nothing; they know no agent.
    const { SeriesDescription: __, ...times } = tags;
    expect([want === 't1ce' ? 't1' : want, null]).toContain(recognize({ Modality: 'MR', ...times }).role);
  });
});

describe('a short inversion', () => {
  const times = { RepetitionTime: 1500, EchoTime: 6, InversionTime: 300, ScanningSequence: ['SE', 'IR'] };
  const at = (MagneticFieldStrength: number | undefined, SeriesDescription?: string) => {
    const { role, confidence } = recognize({ ...times, MagneticFieldStrength, SeriesDescription });
    return [role, confidence];
  };

  it('is a T1 at 64 mT, a STIR elsewhere, and asked about where the field is not known', () => {
    expect(at(0.064)).toEqual(['t1', 'medium']);
    expect(at(3)).toEqual([null, null]);
    expect(at(3, 'T1')).toEqual([null, null]);
    expect(at(undefined)).toEqual([null, null]);
    expect(at(undefined, 'T1')).toEqual(['t1', 'low']);
  });
});
