import type { Dataset } from '../dicom/Dataset';
import { joined, type Sentence, say, type Value } from '../say';
import { number } from './attributes';

/** Numbers written out before the rest is only counted. */
const WRITTEN = 4;

/**
 * Images as people find them in a viewer: "image 5", "images 5, 6 and 7", "images 1, 2, 3, 4 and 17 others". By the number
 * of the frame or InstanceNumber where these tell all images apart; else "slice 5", counted in the order of `all`.
 */
export function numbered(all: readonly Dataset[], chosen: readonly number[]): Sentence {
  const [{ one, several }, numbers] = naming(all);
  const names: Value[] = chosen.slice(0, WRITTEN).map(i => numbers[i]);
  const rest = chosen.length - names.length;
  if (rest > 0) names.push(rest === 1 ? say`1 other` : say`${rest} others`);
  const last = names.pop()!;
  return names.length ? several(joined(names, ', '), last) : one(last);
}

interface Noun {
  one: (number: Value) => Sentence;
  several: (first: Value, last: Value) => Sentence;
}

const FRAME: Noun = { one: n => say`frame ${n}`, several: (a, b) => say`frames ${a} and ${b}` };
const IMAGE: Noun = { one: n => say`image ${n}`, several: (a, b) => say`images ${a} and ${b}` };
const SLICE: Noun = { one: n => say`slice ${n}`, several: (a, b) => say`slices ${a} and ${b}` };

function naming(all: readonly Dataset[]): [Noun, number[]] {
  for (const [noun, keyword] of [
    [FRAME, 'ReferencedFrameNumber'],
    [IMAGE, 'InstanceNumber'],
  ] as const) {
    const numbers = all.map(i => number(i[keyword])).filter(n => n !== undefined);
    if (numbers.length === all.length && new Set(numbers).size === all.length) return [noun, numbers];
  }
  return [SLICE, all.map((_, i) => i + 1)];
}
