import { type Dataset, number } from '../dicom/Dataset';
import { list, type Message, message, type Param } from '../messages';

/** Numbers written out before the rest is only counted. */
const WRITTEN = 4;

/**
 * Images as people find them in a viewer: "image 5", "images 5, 6 and 7", "images 1, 2, 3, 4 and 17 others". By the number
 * of the frame or InstanceNumber where these tell all images apart; else "slice 5", counted in the order of `all`.
 */
export function numbered(all: readonly Dataset[], chosen: readonly number[]): Message {
  const [{ one, several }, numbers] = naming(all);
  const names: Param[] = chosen.slice(0, WRITTEN).map(i => numbers[i]);
  const rest = chosen.length - names.length;
  if (rest > 0) names.push(message('images/others', { count: rest }));
  const last = names.pop()!;
  return names.length ? several(list(names, ', '), last) : one(last);
}

interface Noun {
  one: (number: Param) => Message;
  several: (first: Param, last: Param) => Message;
}

const FRAME: Noun = {
  one: n => message('images/frame', { last: n }),
  several: (a, b) => message('images/frames', { others: a, last: b }),
};
const IMAGE: Noun = {
  one: n => message('images/image', { last: n }),
  several: (a, b) => message('images/images', { others: a, last: b }),
};
const SLICE: Noun = {
  one: n => message('images/slice', { last: n }),
  several: (a, b) => message('images/slices', { others: a, last: b }),
};

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
