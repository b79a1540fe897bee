import { find, type Name, terms } from './names';
import type { Weighting } from './weightingFromParameters';

/** Weighting in a name of the series, the description before the protocol. */
export interface NamedWeighting {
  weighting: Weighting;
  of: Name['of'];
  match: string;
}

/** Prefixes of T1 and T2: Philips' s, e and v, 2d, 3d, planes. Anything else is another word. */
const GLUED = '(?:wip|orig|[esvw]|s?[23]d|o?(?:ax|sag|cor)(?:ial|ittal|onal)?|sg|tra|vol){0,4}';
const T1 = terms(`${GLUED}t1(?!\\d(?!d))(?!rho|map)*`);
const T2 = terms(`${GLUED}t2(?!\\d(?!d))(?!star|map)*`);
/** Sequences that are T1-weighted without saying so, and "TI" typed for T1: without a number behind it. */
const T1_SEQUENCE = terms(
  ...[
    '*mp ?rage*',
    '*bravo*',
    '*spgr*',
    'vibe',
    'lava',
    'thrive',
    's?t1?tfe',
    'ti(?= (?:[23]d|withagent|$))',
  ],
  'mpr(?= (?!(?:ax|cor|sag|tra|ob|range|\\d|$)))',
);
const T2_SEQUENCE = terms('*frfse*');
const FLAIR = terms('*flair*', 'dark ?fluid', 'da fl');
const T2_STAR = terms(
  ...['t2star*', 't2 (?:star|stern|etoile|stjarna|estrella|gre|ge|eg|fl2d|ffe)', 'gre t2'],
  '(?:ax|axial|cor|coronal|sag|2d|epi) (?:gre|gr)(?: t2)?',
);
const PD = terms('pd*', '*pd tse', 'dp', 'proton(?: density)?', 'dual(?: t?se)?', 'double echo', 'de tse');
const STIR = terms('*stir');
const WHITE_MATTER_NULLED = terms('*fgatir*', '*wmn*', '*white ?matter ?null*');
const STEADY_STATE = terms('*fiesta*', '*ciss*', 'ci3d', 'true?fi(?:sp)?', 'b ?ffe', 'basg', 'balanced');

/** Tested in this order: special names before general ones. */
const ORDER: readonly [Weighting, RegExp, RegExp?][] = [
  ['white-matter-nulled', WHITE_MATTER_NULLED],
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

export function weightingFromNames(names: readonly Name[]): NamedWeighting | null {
  for (const name of names) {
    for (const [weighting, pattern, unless] of ORDER) {
      const found = find([name], pattern);
      if (found && !unless?.test(name.line)) return { weighting, of: name.of, match: found.words };
    }
  }
  return null;
}
