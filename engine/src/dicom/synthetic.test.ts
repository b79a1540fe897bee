import { describe, expect, it } from 'vitest';
import { isSynthetic } from './synthetic';

describe('isSynthetic', () => {
  it('believes YES, and a name only when it begins so', () => {
    expect(isSynthetic({ SyntheticData: 'YES' })).toBe(true);
    expect(isSynthetic({ SyntheticData: 'NO' })).toBe(false);
    expect(isSynthetic({ synthesizingEquipment: true })).toBe(true);
    expect(isSynthetic({ ImageType: ['DERIVED', 'SECONDARY', 'SYNTHETIC'] })).toBe(true);
    expect(isSynthetic({ ImageType: ['DERIVED', 'SECONDARY', 'OTHER'] })).toBe(false);
    expect(isSynthetic({ SeriesDescription: 'T1 photosynthetic' })).toBe(false);
    expect(isSynthetic({ SyntheticData: 'NO', SeriesDescription: 'synthetic t1' })).toBe(true);
    expect(isSynthetic({ SeriesDescription: 'Synthetic_T1' })).toBe(true);
  });
});
