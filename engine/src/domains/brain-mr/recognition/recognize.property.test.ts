import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryAttributes, arbitraryWords, SEPARATORS } from '../../../testing/arbitrarySeries';
import { ROLE_IDS } from '../roles';
import { recognize } from './recognize';

describe('whatever the attributes', () => {
  it('recognize answers, and its answer is consistent', () => {
    fc.assert(
      fc.property(arbitraryAttributes, attributes => {
        const { role, confidence, reasons, refused } = recognize(attributes);
        expect(role === null || ROLE_IDS.includes(role)).toBe(true);
        expect(confidence === null).toBe(role === null);
        if (refused !== undefined) expect(role).toBeNull();
        expect(reasons.length > 0 || refused !== undefined).toBe(true);
      }),
    );
  });

  it.each([
    ['SyntheticData', { SyntheticData: 'YES' }],
    ['the equipment', { synthesizingEquipment: true }],
    ['ImageType', { ImageType: ['DERIVED', 'SECONDARY', 'SYNTHETIC'] }],
    ['the name', { SeriesDescription: 'SYNTHETIC T1' }],
  ])('a series that is synthetic by %s is refused', (_, tag) => {
    fc.assert(
      fc.property(arbitraryAttributes, attributes => {
        expect(recognize({ ...attributes, ...tag }).refused).toBeDefined();
      }),
    );
  });

  it('case and what stands between words change nothing', () => {
    const style = fc.record({
      separators: fc.array(fc.constantFrom(...SEPARATORS), { minLength: 4, maxLength: 4 }),
      upper: fc.boolean(),
      padding: fc.constantFrom('', ' ', '  '),
    });
    fc.assert(
      fc.property(arbitraryAttributes, arbitraryWords, style, (attributes, words, style) => {
        // A sign is a word's own: only what stands between letters and digits is exchanged.
        const plainWords = words.map(word => word.replace(/[+*]/g, '') || 'x');
        const { separators, upper, padding } = style;
        const joined = plainWords.reduce((text, word, k) => text + separators[k - 1] + word);
        const restyled = padding + (upper ? joined.toUpperCase() : joined.toLowerCase()) + padding;
        const answer = (SeriesDescription: string) => {
          const { role, confidence, refused, reformat } = recognize({ ...attributes, SeriesDescription });
          return [role, confidence, refused, reformat];
        };
        expect(answer(restyled)).toEqual(answer(plainWords.join(' ')));
      }),
    );
  });
});
