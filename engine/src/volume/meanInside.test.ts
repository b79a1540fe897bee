import { expect, it } from 'vitest';
import { meanInside } from './meanInside';

it('averages where the mask is set', () => {
  const values = new Float32Array([0, 1, 2, 3]);
  expect(meanInside(values, new Uint8Array([0, 1, 0, 1]))).toBe(2);
  expect(meanInside(values, new Uint8Array(4))).toBe(0);
});
