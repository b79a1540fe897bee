import { find, type Name } from './names';
import type { Weighting } from './physics';

/** What names say of the weighting; one name's word, the description's before the protocol's. */
export interface NamedWeighting {
  weighting: Weighting;
  of: string;
  words: string;
}

/**
 * T1 and T2 at the start of a word, behind what sites and vendors glue to it: Philips' s, e and v, 2d, 3d and planes. Not
 * the t1 inside another word, nor T12.
 */
const GLUED = '(?<= )(?:wip|orig|[esvw]|s?[23]d|o?(?:ax|sag|cor)(?:ial|ittal|onal)?|sg|tra|vol)*';
const T1 = new RegExp(`${GLUED}t1(?!\\d(?!d))(?!rho|map)[a-z0-9]*(?= )`);
const T2 = new RegExp(`${GLUED}t2(?!\\d(?!d))(?!star|map)[a-z0-9]*(?= )`);
/** Sequences that are T1-weighted without saying so, and "TI" typed for T1: without a number behind it. */
const T1_SEQUENCE =
  /\S*mp ?rage\S*|\S*bravo\S*|\S*spgr\S*|(?<= )(?:vibe|lava|thrive|s?t1?tfe)(?= )|(?<= )ti(?= (?:[23]d|withagent|$))|(?<= )mpr(?= (?!(?:ax|cor|sag|tra|ob|range|\d|$)))/;
const T2_SEQUENCE = /(?<= )\S*frfse\S*(?= )/;
const FLAIR = /\S*flair\S*|(?<= )dark ?fluid(?= )|(?<= )da fl(?= )/;
const T2_STAR =
  /(?<= )(?:t2star\S*|t2 (?:star|stern|etoile|stjarna|estrella|gre|ge|eg|fl2d|ffe)|(?:ax|axial|cor|coronal|sag|2d|epi) (?:gre|gr)(?: t2)?|gre t2)(?= )/;
const PD = /(?<= )(?:pd\S*|dp|proton(?: density)?|dual(?: t?se)?|double echo|de tse|\S*pd tse)(?= )/;
const STIR = /(?<= )\S*stir(?= )/;
const STEADY_STATE = /\S*fiesta\S*|(?<= )(?:\S*ciss\S*|ci3d|true?fi(?:sp)?|b ?ffe|bffe|basg|balanced)(?= )/;

/** In the order in which they are asked: the special name before the general one. */
const ORDER: readonly [NamedWeighting['weighting'], RegExp, RegExp?][] = [
  ['steady-state', STEADY_STATE],
  ['t2star', T2_STAR],
  ['stir', STIR],
  // A T1-weighted FLAIR is a T1.
  ['flair', FLAIR, T1],
  ['pd', PD, T1],
  ['t2', T2],
  ['t1', T1],
  ['t1', T1_SEQUENCE],
  ['t2', T2_SEQUENCE],
];

export function namedWeighting(names: readonly Name[]): NamedWeighting | null {
  for (const name of names) {
    for (const [weighting, pattern, unless] of ORDER) {
      const found = find([name], pattern);
      if (found && !unless?.test(name.line)) return { weighting, of: name.of, words: found.words };
    }
  }
  return null;
}
