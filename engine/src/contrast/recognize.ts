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

/** A series is synthetic when its own tags say so; a description alone is only trusted in the cautious direction. */
export function isSynthetic(attributes: SeriesAttributes): boolean {
  return attributes.SyntheticData === 'YES' || /^\s*synthetic\b/i.test(attributes.SeriesDescription ?? '');
}

const POST_CONTRAST = /(\+\s*(c|gd|k)\b|\bt1\s*c\b|t1ce|t1gd|\bpost\b|\bgd\b|\bgado|\bkm\b|contrast|\bce\b)/;
const PRE_CONTRAST = /\b(pre|without|w\/?o|no)\b/;
const NOT_ANATOMY =
  /(\bdwi\b|\badc\b|\bdti\b|diff|perf|\bswi\b|\bmra\b|\bmip\b|\btof\b|loc|scout|survey|\bsub(traction)?\b)/;

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
  if (/flair|dark.?fluid/.test(text) && !/\bt1\b/.test(text)) return 'flair';
  if (/t2\s*\*|t2star/.test(text)) return null;
  if (/(^|[^a-z0-9])t2/.test(text)) return 't2';
  if (/(^|[^a-z0-9])t1|mprage|bravo|spgr/.test(text)) {
    if (PRE_CONTRAST.test(text)) return 't1';
    return POST_CONTRAST.test(text) || hasAgent(attributes) ? 't1ce' : 't1';
  }
  return null;
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
