import type { SeriesAttributes } from '../../../dicom/seriesAttributes';
import type { Message } from '../../../messages';
import { message } from '../en';
import { imageTypes } from './imageTypes';
import { evidenceOf, type Name, namesOf, terms } from './names';

/** A part of the signal that an image shows: of a Dixon acquisition, or of a complex image. */
interface Component {
  /** "a fat image" */
  label: Message;
  /** No weighting of the four: refused. The water image is the best of a Dixon acquisition, then in phase. */
  use: 'refused' | 'second' | 'first';
  /** Values of ImageType without the vendor's suffix. */
  types: readonly string[];
  /** Value of ComplexImageComponent. */
  component?: string;
  /** Words of names that mean nothing else. */
  names?: RegExp;
  /** Short words that mean it behind a word for Dixon. */
  short?: string;
}

/** Methods that separate fat from water, as vendors name them. */
const DIXON = '(?:\\S{0,}dixon\\S{0,}|dix|ideal\\S{0,}|flex|wfi|wfs|wfop|wfsep)';
const DIXON_NAME = terms(
  '*dixon*',
  'ideal(?:iq)?',
  '(?:lava|vibe|fspgr|cube|t[12]w?|fse) ?flex',
  'wfi',
  'wfs',
  'wfop',
);
/** Not fat suppression. */
const FAT =
  '(?:fat|fett|graisse|grasso|grasa|gordura)(?! ?(?:sat|sup|fre|nav|frac|perc|water)| (?:unter|gesat))';
const OUT = '(?:opp?(?:osed|osite|osing)?|out(?: ?of)?|anti|gegen|hors)';

const COMPONENTS: readonly Component[] = [
  {
    label: message('brain-mr/kind/fat-fraction'),
    use: 'refused',
    types: [
      ...['FF', 'PDFF', 'FAT_FRACTION', 'FAT_FRAC', 'FATFRACTION', 'FATFRAC', 'FAT FRACTION', 'FAT_PERCENT'],
      ...['WF', 'WATER_FRACTION', 'WATER_FRAC', 'FP'],
    ],
    names: terms('pdff', '(?:fat|water) ?(?:frac*|perc*)', 'fettanteil', 'fettfraktion'),
    short: 'ff|fp|wf',
  },
  {
    label: message('brain-mr/kind/fat'),
    use: 'refused',
    types: ['F', 'FAT', 'FAT_ONLY', 'FAT IMAGE'],
    names: terms(
      'fatimage',
      'fat ?only',
      `(?<=${DIXON}(?: .{0,})? )${FAT}`,
      `${FAT}(?=(?: .{0,})? ${DIXON})`,
    ),
    // Not follow-up.
    short: 'f(?! u )',
  },
  {
    label: message('brain-mr/kind/opposed-phase'),
    use: 'refused',
    types: [
      ...['OP', 'OPP', 'OPP_PHASE', 'OUT_PHASE', 'OUT_OF_PHASE', 'OPPOSED_PHASE', 'OUTPHASE', 'OPPHASE'],
      ...['OUT PHASE', 'OPPOSED PHASE', 'OUT OF PHASE'],
    ],
    names: terms(`${OUT} ?ph(?:as)?e?(?:n?lage)?`),
    short: 'opp|(?<!(?:post|pre) )op|out|oop',
  },
  {
    label: message('brain-mr/kind/in-phase'),
    use: 'second',
    types: ['IP', 'IN_PHASE', 'INPHASE', 'IN PHASE'],
    names: terms('in ?ph(?:ase)?'),
    short: 'in|ip',
  },
  {
    label: message('brain-mr/kind/water'),
    use: 'first',
    types: ['W', 'WATER', 'WATER_ONLY', 'WATER IMAGE'],
    names: terms(
      'waterimage',
      'water(?! ?(?:frac|perc|sat|sup|exc|fat))*',
      'wasser(?:bild)?',
      'eau',
      'acqua',
      'agua',
    ),
    short: 'w',
  },
  {
    label: message('brain-mr/kind/imaginary'),
    use: 'refused',
    types: ['I', 'IMAGINARY'],
    component: 'IMAGINARY',
    names: terms('imaginary', 'imag'),
  },
  {
    label: message('brain-mr/kind/real'),
    use: 'refused',
    types: ['R', 'REAL'],
    component: 'REAL',
  },
  {
    label: message('brain-mr/kind/phase'),
    use: 'refused',
    types: ['P', 'PHASE', 'PHASE MAP', 'PHASE_MAP'],
    component: 'PHASE',
    names: terms('pha', 'phase (?:images?|map|diff*)'),
  },
];

/** Images that are magnitude, whatever else is said: GE's PROPELLER is reconstructed as a real image. */
const MAGNITUDE = ['M', 'MAGNITUDE', 'PROPELLER'];

export interface FoundComponent extends Pick<Component, 'label' | 'use'> {
  evidence: Message;
}

/**
 * The component that a series shows, by ImageType, by ComplexImageComponent, then by its names; `unknown` for
 * a Dixon acquisition of which nothing says; null where there is none.
 */
export function componentOf(
  attributes: SeriesAttributes,
  names: readonly Name[],
): FoundComponent | 'unknown' | null {
  const types = imageTypes(attributes);
  const magnitude = types.some(type => MAGNITUDE.includes(type));
  const part = attributes.ComplexImageComponent?.trim().toUpperCase();
  for (const { label, use, types: own, component } of COMPONENTS) {
    if (magnitude && component && component !== 'PHASE') continue;
    const type = types.find(value => own.includes(value));
    if (type)
      return { label, use, evidence: message('brain-mr/recognition/image-type', { imageType: type }) };
    if (component && component === part)
      return { label, use, evidence: message('brain-mr/recognition/complex-component', { component }) };
  }
  const own = named(names);
  return own && own !== 'unknown' ? own : (named(behindProtocol(attributes)) ?? own);
}

/** The description behind the protocol's name, which may be the one that says Dixon. */
function behindProtocol(attributes: SeriesAttributes): Name[] {
  const [description, protocol] = namesOf(attributes);
  if (!protocol || !DIXON_NAME.test(protocol.line)) return [];
  const both = [{ ...description, line: `${protocol.line}${description.line.slice(1)}` }];
  return named(both) === 'unknown' ? [] : both;
}

/** By names. One with several components lists what its acquisition makes and tells none. */
function named(names: readonly Name[]): FoundComponent | 'unknown' | null {
  for (const name of names) {
    const found = COMPONENTS.flatMap(component => {
      const words = wordsFor(component, name);
      return words === null ? [] : [{ ...component, words }];
    });
    const [{ label, use, words } = { label: null, use: null, words: null }] = found;
    if (found.length > 1) return 'unknown';
    if (label) return { label, use, evidence: evidenceOf(name, words) };
  }
  return names.some(name => DIXON_NAME.test(name.line)) ? 'unknown' : null;
}

function wordsFor({ names, short }: Component, { line }: Name): string | null {
  const found = names?.exec(line) ?? (short ? behindDixon(short).exec(line) : null);
  return found ? found[0].trim().replace(/image$/, '') : null;
}

function behindDixon(words: string): RegExp {
  return new RegExp(`(?<= ${DIXON}(?: .*)? )(?:${words})(?= )`);
}
