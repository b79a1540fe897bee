import type { SeriesAttributes } from '../../../dicom/seriesAttributes';
import { list, type Message, message } from '../../../messages';
import { CONTRAST_LABELS, type Contrast } from '../../Role';
import { contrastAgentState, namesBeforeAndAfter } from './contrastAgent';
import { exclusionReason, otherBodyPart } from './exclusionRules';
import { evidenceOf, NAME_OF, type Name, namesOf } from './names';
import { reformatReason } from './reformat';
import { type NamedWeighting, weightingFromNames } from './weightingFromNames';
import { type ParameterWeighting, type Weighting, weightingFromParameters } from './weightingFromParameters';

/**
 * `high` if timing and names agree and the agent is known, `low` if they disagree or a single letter decides.
 * docs/recognition.md has the measured accuracy of each.
 */
export type Confidence = 'high' | 'medium' | 'low';

/** For people. */
export const CONFIDENCE_LABELS: Readonly<Record<Confidence, Message>> = {
  high: message('confidence/high'),
  medium: message('confidence/medium'),
  low: message('confidence/low'),
};

/** A contrast with its reasons, or a refusal with its reason. */
export interface Recognition {
  contrast: Contrast | null;
  /** Null without a contrast. */
  confidence: Confidence | null;
  /** Plain sentences. */
  reasons: Message[];
  /** Why the series must not be a source, even if the user chooses it. */
  refused?: Message;
  /** Evidence that it is a reformat: no source if the study has the original. */
  reformat?: Message;
}

/**
 * Recognizes the contrast of a series from its attributes. TR, TE and TI outrank names; the reasons mention a
 * disagreement. Names alone give less confidence. Never throws.
 */
export function recognize(attributes: SeriesAttributes): Recognition {
  const names = informativeNames(attributes);
  const refused = exclusionReason(attributes, names);
  if (refused) return { contrast: null, confidence: null, reasons: [], refused };
  const part = otherBodyPart(attributes);
  if (part) {
    const reason = message('recognition/body-part', { bodyPart: part });
    return { contrast: null, confidence: null, reasons: [reason] };
  }
  const timing = weightingFromParameters(attributes);
  const named = weightingFromNames(names);
  const reformat = reformatReason(attributes, names) ?? undefined;
  return { ...decide(attributes, names, timing, named), ...(reformat && { reformat }) };
}

/** The protocol is often a whole examination, so its name counts only if the description has no weighting. */
function informativeNames(attributes: SeriesAttributes): Name[] {
  const names = namesOf(attributes);
  const described = names.filter(name => name.of === 'description');
  return described.length && weightingFromNames(described) ? described : names;
}

function decide(
  attributes: SeriesAttributes,
  names: readonly Name[],
  timing: ParameterWeighting | null,
  named: NamedWeighting | null,
): Recognition {
  const weighting = timing && !(timing.ambiguous && !named) ? timing.weighting : named?.weighting;
  if (weighting === undefined) return unrecognized(timing);
  const disagree = timing !== null && named !== null && timing.weighting !== named.weighting;
  const family = FAMILY[weighting];
  const parts = [
    ...(timing ? [timing.evidence] : []),
    ...(named && !disagree ? [evidenceOf(named, withSigns(named.match))] : []),
  ];
  const conflict =
    disagree && timing && named
      ? [
          message('recognition/times-contradict', {
            name: NAME_OF[named.of].first,
            words: withSigns(named.match),
            weighting: PHRASE[timing.weighting],
          }),
        ]
      : [];
  if (family === null) {
    const reason = message('recognition/none-of-four', {
      weighting: PHRASE[weighting],
      evidence: list(parts, '; '),
    });
    return { contrast: null, confidence: null, reasons: [reason, ...conflict] };
  }
  const both = family === 't1' && namesBeforeAndAfter(names);
  if (both)
    return {
      contrast: null,
      confidence: null,
      reasons: [message('recognition/before-and-after', { name: NAME_OF[both.of].first })],
    };
  const agent = family === 't1' ? contrastAgentState(attributes, names) : null;
  const contrast = family === 't1' && agent?.given ? 't1ce' : family;
  const known = family !== 't1' || (agent !== null && !agent.weak);
  const confidence = disagree || agent?.weak ? 'low' : timing && named && known ? 'high' : 'medium';
  const said = [...parts, ...(agent ? [agent.evidence] : [])];
  return {
    contrast,
    confidence,
    reasons: [
      message('recognition/contrast', { contrast: CONTRAST_LABELS[contrast], evidence: list(said, '; ') }),
      ...conflict,
      ...(timing || attributes.EchoTime !== undefined ? [] : [message('recognition/no-times')]),
      ...(family === 't1' && !agent ? [message('recognition/agent-unknown')] : []),
    ],
  };
}

function unrecognized(timing: ParameterWeighting | null): Recognition {
  const reason = timing
    ? message('recognition/ambiguous-times', { times: timing.evidence, weighting: PHRASE[timing.weighting] })
    : message('recognition/unrecognized');
  return { contrast: null, confidence: null, reasons: [reason] };
}

const FAMILY: Readonly<Record<Weighting, 't1' | 't2' | 'flair' | null>> = {
  t1: 't1',
  t2: 't2',
  flair: 'flair',
  t2star: null,
  pd: null,
  stir: null,
  'steady-state': null,
};

const PHRASE: Readonly<Record<Weighting, Message>> = {
  t1: message('weighting/t1'),
  t2: message('weighting/t2'),
  flair: message('weighting/flair'),
  t2star: message('weighting/t2star'),
  pd: message('weighting/pd'),
  stir: message('weighting/stir'),
  'steady-state': message('weighting/ciss'),
};

function withSigns(words: string): string {
  return words.replace('t2star', 't2*').replaceAll('withagent', '+c');
}
