import type { Dataset } from '../dicom/Dataset';
import { number } from './attributes';

/** Numbers written out before the rest is only counted. */
const WRITTEN = 4;

/**
 * Images as people find them in a viewer: "image 5", "images 5, 6 and 7", "images 1, 2, 3, 4 and 17 others". By the number
 * of the frame or InstanceNumber where these tell all images apart; else "slice 5", counted in the order of `all`.
 */
export function numbered(all: readonly Dataset[], chosen: readonly number[]): string {
  const [word, numbers] = naming(all);
  const names: (number | string)[] = chosen.slice(0, WRITTEN).map(i => numbers[i]);
  const rest = chosen.length - names.length;
  if (rest > 0) names.push(`${rest} other${rest === 1 ? '' : 's'}`);
  const last = names.pop();
  return names.length ? `${word}s ${names.join(', ')} and ${last}` : `${word} ${last}`;
}

function naming(all: readonly Dataset[]): [string, number[]] {
  for (const [word, keyword] of [
    ['frame', 'ReferencedFrameNumber'],
    ['image', 'InstanceNumber'],
  ]) {
    const numbers = all.map(i => number(i[keyword])).filter(n => n !== undefined);
    if (numbers.length === all.length && new Set(numbers).size === all.length) return [word, numbers];
  }
  return ['slice', all.map((_, i) => i + 1)];
}
