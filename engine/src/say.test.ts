import { describe, expect, it } from 'vitest';
import { english, fixed, inEnglish, joined, say } from './say';

const motion = say`${fixed(3.04, 1)} mm and ${2} degrees`;
const sentence = say`${'AX {{0}}'} was moved by ${motion}.`;

describe('say', () => {
  it('keeps the template apart from what stands in it', () => {
    expect(say`Nothing.`).toEqual({ text: 'Nothing.', values: [] });
    expect(sentence).toEqual({ text: '{{0}} was moved by {{1}}.', values: ['AX {{0}}', motion] });
  });

  it('reads in English, sentences within sentences, and leaves names as they are', () => {
    expect(english(sentence)).toBe('AX {{0}} was moved by 3.0 mm and 2 degrees.');
    expect(english('a name')).toBe('a name');
    expect(english(joined([motion, 'T2'], '; '))).toBe('3.0 mm and 2 degrees; T2');
    expect(english(joined([]))).toBe('');
  });

  it('survives a worker and JSON', () => {
    expect(structuredClone(sentence)).toEqual(sentence);
    expect(JSON.parse(JSON.stringify(sentence))).toEqual(sentence);
  });

  it('is English in the JSON of the command line', () => {
    const report = { level: 'red', checks: [{ sentence, values: [1] }] };
    expect(JSON.parse(JSON.stringify(report, inEnglish)).checks[0].sentence).toBe(english(sentence));
  });
});
