import { render } from '@modality-synthesis/engine';
import { expect, it } from 'vitest';
import { en } from '../../i18n/en';
import { readoutText } from './readoutText';

/** The English sentence; codes stand for themselves where the engine has the text. */
const read = (...args: Parameters<typeof readoutText>) =>
  render(readoutText(...args), {
    template: code => (en as Readonly<Record<string, string>>)[code] ?? code,
    number: (value, digits) => value.toFixed(digits),
  });

it('says what is acquired, predicted and expected, in this order', () => {
  const values = { acquired: { role: 't2', value: 1084 }, predicted: 0.126 };
  expect(read(values, 9.26, 20)).toBe('role/t2 acquired 1084 · predicted 0.13 · expected error 9.3 %');
  expect(read(values, 62.4, 100)).toMatch(/expected error 62 %$/);
});

it('says how probable a lesion is, where one is worth telling', () => {
  const say = (any: number, enhancing?: number) => read({}, 5, 20, { any, enhancing });
  expect(say(0.724, 0.08)).toBe('expected error 5.0 % · lesion likely to 72 % · enhancing to 8 %');
  expect(say(0.5)).toBe('expected error 5.0 % · lesion likely to 50 %');
  expect(say(0.05, 0.01)).toBe('expected error 5.0 %');
  expect(say(Number.NaN)).toBe('expected error 5.0 %');
});

it('names only what there is', () => {
  expect(read({ predicted: 17 }, 5, 20)).toBe('predicted 17 · expected error 5.0 %');
  expect(read({}, Number.NaN, 20)).toBe('no expected error here');
  expect(read({}, 0, 20)).toBe('no expected error here');
});
