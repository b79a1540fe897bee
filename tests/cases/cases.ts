import type { Confidence, Level, RoleId, SynthesisErrorCode } from '@modality-synthesis/engine';

/** What the product makes of a study that somebody reported as misread. */
export interface Case {
  /** What is unusual about it. */
  kind: string;
  target: RoleId;
  /** Sources and how sure their contrast is; absent where the study cannot be planned. */
  sources?: Readonly<Partial<Record<RoleId, Confidence>>>;
  /** Of the preflight before pixels are read; absent where nothing is planned. */
  level?: Level;
  /** Codes of the findings of that level; none at green. */
  codes?: readonly string[];
  /** Why planning stops. */
  stops?: SynthesisErrorCode;
  /** Part of what is said, by its words. */
  says?: RegExp;
  /** The study whose sources have the same pixels in the same places. */
  like?: string;
  /** Accepted difference from it; default: none. */
  within?: { value?: number; millimetres?: number };
}

const UNKNOWN_AGENT = { t1: 'medium', t2: 'high' } as const;
/** As the unchanged study with T1, T1 post-contrast and T2. */
const flair = { target: 'flair', sources: { ...UNKNOWN_AGENT, t1ce: 'high' }, level: 'green' } as const;
/** As the unchanged study with T1, T2 and FLAIR. */
const t1ce = { target: 't1ce', sources: { ...UNKNOWN_AGENT, flair: 'high' }, level: 'green' } as const;
/** T1 before and after the agent by their names: nothing is missing. */
const acquired = {
  target: 't1',
  sources: { t1: 'high', t1ce: 'high', t2: 'high', flair: 'high' },
  level: 'green',
  stops: 'plan-invalid',
} as const;
const unusable = { level: 'red', codes: ['series/unusable'] } as const;
const unsure = { level: 'amber', codes: ['preflight/sources-uncertain'] } as const;

/** By the number of the script that builds the study. */
export const CASES: Readonly<Record<string, Case>> = {
  '01': { ...flair, kind: 'bits above BitsStored', like: 'base_flair' },
  '03': { ...t1ce, kind: 'decimal comma', like: 'base_t1ce' },
  '05': { ...flair, kind: 'unexpected value representation', like: 'base_flair' },
  '07': { ...flair, kind: 'transfer syntax', like: 'base_flair' },
  '08': { ...flair, kind: 'enhanced multi-frame', like: 'base_flair', within: { value: 0.5 } },
  '09': { ...t1ce, kind: 'inversion time', like: 'base_t1ce' },
  '10': {
    ...flair,
    kind: 'inversion time',
    sources: { ...flair.sources, flair: 'high' },
    stops: 'plan-invalid',
  },
  '12': { ...flair, kind: 'enhanced multi-frame', like: 'base_flair' },
  '13': { ...t1ce, kind: 'components', like: 'base_t1ce' },
  '14': { ...t1ce, kind: 'components', like: 'base_t1ce' },
  '16': { ...t1ce, kind: 'components', like: '40' },
  '17': { ...t1ce, kind: 'no contrast of ours', sources: { t2: 'high', flair: 'high' } },
  '19': { ...flair, kind: 'bits above BitsStored', like: 'base_flair' },
  '20': { ...t1ce, kind: 'name against times', sources: { ...t1ce.sources, t1: 'low' }, ...unsure },
  // MagneticFieldStrength decides.
  '21': { ...t1ce, kind: 'low field' },
  '22': { ...flair, kind: 'character set', like: 'base_flair' },
  '24': { ...flair, kind: 'character set', like: 'base_flair' },
  '25': { ...flair, kind: 'no file meta information', like: 'base_flair' },
  '26': { ...flair, kind: 'no file meta information', like: 'base_flair' },
  '27': { kind: 'UIDs', target: 'flair', stops: 'source-unreadable', says: /one StudyInstanceUID/ },
  '28': { kind: 'UIDs', target: 'flair', stops: 'source-unreadable', says: /one StudyInstanceUID/ },
  '29': { ...flair, kind: 'UIDs', like: 'base_flair' },
  '30': { kind: 'UIDs', target: 'flair', stops: 'source-unreadable', says: /without SeriesInstanceUID/ },
  '32': { ...flair, kind: 'numbers of images', like: 'base_flair' },
  '34': {
    ...flair,
    kind: 'noisy orientation',
    like: 'base_flair',
    // The noise lies in one series alone, and is averaged.
    within: { millimetres: 0.2 },
  },
  '36': { ...flair, kind: 'missing slices', ...unusable, says: /slices are missing/ },
  '37': { ...flair, kind: 'untold offset', like: 'base_flair' },
  '39': { ...t1ce, kind: 'distortion', like: '40' },
  '40': { ...t1ce, kind: 'one image of another plane' },
  '42': { ...flair, kind: 'inverted pixels', ...unusable, says: /MONOCHROME1/ },
  '44': { ...t1ce, kind: 'words of the agent' },
  '46': { ...acquired, kind: 'words of the agent' },
  '48': { ...acquired, kind: 'words of the agent' },
  '50': { ...acquired, kind: 'words of the agent' },
  '51': { ...acquired, kind: 'words of the agent', target: 't1ce' },
  '52': { ...acquired, kind: 'words of the agent' },
  '55': {
    kind: 'inversion time',
    target: 't2',
    sources: { t1: 'medium', t1ce: 'high', flair: 'high' },
    level: 'green',
  },
  '57': { ...t1ce, kind: 'components', like: '40' },
  '59': { ...flair, kind: 'UIDs', like: 'base_flair' },
  '61': {
    ...flair,
    kind: 'two patients',
    level: 'red',
    codes: ['preflight/two-patients'],
    says: /names two patients/,
  },
  '62': { ...flair, kind: 'enhanced multi-frame', like: 'base_flair' },
  '63': { ...flair, kind: 'transfer syntax', like: 'base_flair' },
  '67': { ...flair, kind: 'character set', like: 'base_flair' },
  '69': { ...t1ce, kind: 'padding', like: 'base_t1ce', within: { value: 2 } },
  // The water images are used, of which the unchanged study has none.
  '70': { ...t1ce, kind: 'components' },
  '71': {
    kind: 'agent in every header',
    target: 't2',
    sources: { t1ce: 'high', flair: 'high' },
    level: 'amber',
    codes: ['preflight/maybe-missing'],
  },
  '73': { ...acquired, kind: 'inversion time', sources: { t1: 'medium', t2: 'high', flair: 'high' } },
};
