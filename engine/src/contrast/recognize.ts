import type { Contrast } from './Contrast';
import type { SeriesAttributes } from './SeriesAttributes';

/** What a series is to us: a contrast with its reasons, or a refusal with its reason. */
export interface Recognition {
  contrast: Contrast | null;
  /** Plain words, each naming the attribute it comes from. */
  reasons: string[];
  /** Set when the series must not be a source whatever the person says. */
  refused?: string;
}

/**
 * A series is synthetic when its own tags say so, whoever wrote them: SyntheticData, a Synthesizing Equipment, SYNTHETIC in
 * ImageType or at the start of SeriesDescription; the latter two are trusted in the cautious direction only.
 */
export function isSynthetic(attributes: SeriesAttributes): boolean {
  const { SyntheticData, synthesizingEquipment, ImageType, SeriesDescription } = attributes;
  return (
    SyntheticData === 'YES' ||
    synthesizingEquipment === true ||
    (ImageType ?? []).includes('SYNTHETIC') ||
    /^\s*synthetic\b/i.test(SeriesDescription ?? '')
  );
}

/** "T1" and "T2" at the start of a word, behind Philips' e and s too; not the "t1" inside another word, nor "T12". */
const T1 = /(^|[^a-z0-9])[es]?t1(?![0-9])/;
const T2 = /(^|[^a-z0-9])[es]?t2(?![0-9])/;
/** Sequences that are T1-weighted without saying so. */
const T1_SEQUENCE = /mprage|bravo|spgr/;
const FLAIR = /flair|dark.?fluid/;
/** Said to be before, or without, the agent; stronger than any word for it. */
const WITHOUT_AGENT =
  /\b(pre|without|w\/o|no|non|ohne|vor|nativ|sans|avant|sin|senza)\b[ -]*(contr|gad|gd|km|c\b|$)|pre-?contr|non-?contr|\b(c|gd|km)-(\s|$)|\bs\. ?km|\bpre\b|\bnativ/;
const WITH_AGENT = /\+\s*(c|gd|k)\b|\bc\+|t1\s*c\b|t1ce|t1gd|\bpost|\bgd\b|gad|\bkm\b|contr|\bce\b|\bmdc\b/;
const NOT_ANATOMY =
  /\bdwi\b|\badc\b|\bdti\b|diff|perf|\bswi\b|\bmra\b|\bmip\b|\btof\b|\bloc|scout|survey|\bsub(tract\w*)?\b/;

/**
 * Proposes a contrast from the obvious tags and descriptions: SeriesDescription and ProtocolName, and
 * ContrastBolusAgent for a T1. Whoever sits at the panel can change the answer, except for a refusal.
 */
export function recognize(attributes: SeriesAttributes): Recognition {
  if (attributes.Modality !== undefined && attributes.Modality !== 'MR') {
    return { contrast: null, reasons: [], refused: `Modality is ${attributes.Modality}, not MR.` };
  }
  if (isSynthetic(attributes)) {
    return {
      contrast: null,
      reasons: [],
      refused: 'This series is synthetic by its own tags; a predicted image is never used as a source.',
    };
  }
  const sources: [string, string][] = [
    ['SeriesDescription', attributes.SeriesDescription ?? ''],
    ['ProtocolName', attributes.ProtocolName ?? ''],
  ];
  for (const [keyword, text] of sources) {
    const contrast = fromWords(text.toLowerCase().replaceAll('_', ' '), attributes);
    if (contrast)
      return {
        contrast,
        reasons: [`${keyword} says “${text.trim()}”.`, ...agentReason(contrast, attributes)],
      };
  }
  return { contrast: null, reasons: ['Neither SeriesDescription nor ProtocolName names a known contrast.'] };
}

function fromWords(text: string, attributes: SeriesAttributes): Contrast | null {
  if (NOT_ANATOMY.test(text)) return null;
  // A T1-weighted FLAIR is a T1.
  if (FLAIR.test(text) && !T1.test(text)) return 'flair';
  if (/t2\s*\*|t2star/.test(text)) return null;
  if (T2.test(text)) return 't2';
  if (!T1.test(text) && !T1_SEQUENCE.test(text)) return null;
  if (WITHOUT_AGENT.test(text)) return 't1';
  return WITH_AGENT.test(text) || hasAgent(attributes) ? 't1ce' : 't1';
}

function hasAgent(attributes: SeriesAttributes): boolean {
  const agent = attributes.ContrastBolusAgent?.trim() ?? '';
  return agent !== '' && !/^(no|none|n)$/i.test(agent);
}

function agentReason(contrast: Contrast, attributes: SeriesAttributes): string[] {
  return contrast === 't1ce' && hasAgent(attributes)
    ? [`ContrastBolusAgent is “${attributes.ContrastBolusAgent}”.`]
    : [];
}
