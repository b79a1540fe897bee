import { type Dataset, number } from '../dicom/Dataset';
import { list, type Message, message, type Param } from '../messages';

/** The rest is only counted. */
const MAX_LISTED = 4;

/**
 * Numbers of images for messages: "image 5", "images 5, 6 and 7", "images 1, 2, 3, 4 and 17 others".
 * Uses the frame number or InstanceNumber if it is unique; otherwise "slice 5", the position in `all`.
 */
export function imageNumbers(all: readonly Dataset[], chosen: readonly number[]): Message {
  const [{ one, several }, numbers] = nounAndNumbers(all);
  const names: Param[] = chosen.slice(0, MAX_LISTED).map(i => numbers[i]);
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

function nounAndNumbers(all: readonly Dataset[]): [Noun, number[]] {
  for (const [noun, keyword] of [
    [FRAME, 'ReferencedFrameNumber'],
    [IMAGE, 'InstanceNumber'],
  ] as const) {
    const numbers = all.map(i => number(i[keyword])).filter(n => n !== undefined);
    if (numbers.length === all.length && new Set(numbers).size === all.length) return [noun, numbers];
  }
  return [SLICE, all.map((_, i) => i + 1)];
}
