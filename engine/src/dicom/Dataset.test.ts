import { describe, expect, it } from 'vitest';
import { number, numbers, point } from './Dataset';

describe('numbers', () => {
  it.each([[[1, 2.5, -3]], [['1', '2.5', '-3']], ['1\\2.5\\-3'], [Float32Array.of(1, 2.5, -3)]])(
    'reads %j',
    value => {
      expect(numbers(value, 3)).toEqual([1, 2.5, -3]);
      expect(point(value)).toEqual([1, 2.5, -3]);
    },
  );

  it.each([[undefined], [null], [[1, 2]], [[1, 2, 3, 4]], [[1, 'x', 3]], ['1\\2'], [7], [[1, undefined, 3]]])(
    'refuses %j',
    value => {
      expect(numbers(value, 3)).toBeNull();
      expect(point(value)).toBeNull();
    },
  );
});

describe('number', () => {
  it.each([
    [3, 3],
    ['3.5', 3.5],
    [[4, 5], 4],
    ['0', 0],
    [undefined, undefined],
    [null, undefined],
    ['', undefined],
    ['fast', undefined],
  ])('reads %j as %j', (value, expected) => {
    expect(number(value)).toBe(expected);
  });
});
