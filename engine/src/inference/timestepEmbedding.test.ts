import { describe, expect, it } from 'vitest';
import { timestepEmbedding } from './timestepEmbedding';

describe('timestepEmbedding', () => {
  it('is cosines, then sines, over falling frequencies', () => {
    const out = timestepEmbedding(3, { size: 4, max_period: 100 });
    // Frequencies 1 and 100^(-1/2) = 0.1.
    const expected = [Math.cos(3), Math.cos(0.3), Math.sin(3), Math.sin(0.3)];
    for (const [i, v] of expected.entries()) expect(out[i]).toBeCloseTo(v, 6);
  });

  it('starts from ones and zeros', () => {
    expect([...timestepEmbedding(0, { size: 6, max_period: 10000 })]).toEqual([1, 1, 1, 0, 0, 0]);
  });
});
