import { describe, expect, it } from 'vitest';
import { english, inEnglish } from './english';
import { decimal, identityOf, list, message, render } from './index';

const motion = message('registration/found', { millimetres: decimal(3.04, 1), degrees: 2 });
const moved = message('preflight/alignment-moved', { source: 'AX {{source}}', reference: 'T1', motion });

describe('a message', () => {
  it('is a code and its parameters', () => {
    expect(message('job/failed')).toEqual({ code: 'job/failed', params: {} });
    expect(moved).toEqual({
      code: 'preflight/alignment-moved',
      params: { source: 'AX {{source}}', reference: 'T1', motion },
    });
  });

  it('survives a worker and JSON', () => {
    expect(structuredClone(moved)).toEqual(moved);
    expect(JSON.parse(JSON.stringify(moved))).toEqual(moved);
  });

  it('has an identity of its code and values', () => {
    expect(identityOf(moved)).toBe(
      'preflight/alignment-moved("AX {{source}}", "T1", registration/found(3.0, 2))',
    );
    expect(identityOf(list([message('job/failed'), 'x']))).toBe('job/failed, "x"');
  });
});

describe('render', () => {
  it('puts messages into messages and leaves names as they are', () => {
    expect(english(moved)).toBe('AX {{source}} was moved onto T1 by 3.0 mm and 2 degrees.');
    expect(english('a name')).toBe('a name');
    expect(english(list([motion, 'T2'], '; '))).toBe('3.0 mm and 2 degrees; T2');
    expect(english(list([]))).toBe('');
  });

  it.each([
    [1, '1 slice is missing between slice 4'],
    [3, '3 slices are missing between slice 4'],
  ])('chooses the plural form of %d', (count, text) => {
    const images = message('images/slice', { last: 4 });
    expect(english(message('series/slices-missing', { count, images }))).toBe(text);
  });

  it('asks the language for texts and numbers', () => {
    const language = { template: () => '{{degrees}}°', number: (n: number) => `${n}`.replace('.', ',') };
    expect(render(message('registration/found', { millimetres: 1, degrees: 2.5 }), language)).toBe('2,5°');
  });

  it('is English in the JSON of the command line', () => {
    const report = { level: 'red', checks: [{ text: moved, values: [1] }] };
    expect(JSON.parse(JSON.stringify(report, inEnglish)).checks[0].text).toBe(english(moved));
  });
});
