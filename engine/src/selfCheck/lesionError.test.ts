import { mat4 } from 'gl-matrix';
import { describe, expect, it } from 'vitest';
import { lesionError } from './lesionError';

const difference = {
  dims: [2, 2, 1] as [number, number, number],
  indexToWorld: mat4.fromScaling(mat4.create(), [10, 10, 5]),
  data: Float32Array.of(0.5, -0.25, 0.125, 0),
};

describe('lesionError', () => {
  it('is the mean absolute difference in the lesion, with its volume', () => {
    expect(lesionError(difference, Uint8Array.of(0, 1, 1, 0))).toEqual({ mae: 0.1875, millilitres: 1 });
  });

  it('is not there without a lesion', () => {
    expect(lesionError(difference, new Uint8Array(4))).toBeUndefined();
    expect(lesionError(difference, undefined)).toBeUndefined();
  });
});
