import { list, type Message, message } from '../messages';
import { agentState, saysBoth } from './agent';
import { CONTRAST_LABELS, type Contrast } from './Contrast';
import { exclusion, otherBodyPart } from './excluded';
import { NAME_OF, type Name, namesOf, says } from './names';
import { type Physics, physics, type Weighting } from './physics';
import { reformatReason } from './reformat';
import type { SeriesAttributes } from './SeriesAttributes';
import { type NamedWeighting, namedWeighting } from './words';

/**
 * How sure a proposal is: `high` where timing and names agree and the agent is known, `low` where they disagree or a
 * single letter decides. How often each is right is measured in docs/recognition.md.
 */
export type Confidence = 'high' | 'medium' | 'low';

/** For people. */
export const CONFIDENCE_LABELS: Readonly<Record<Confidence, Message>> = {
  high: message('confidence/high'),
  medium: message('confidence/medium'),
  low: message('confidence/low'),
};

/** What a series is to us: a contrast with its reasons, or a refusal with its reason. */
export interface Recognition {
  contrast: Contrast | null;
  /** Null without a contrast. */
  confidence: Confidence | null;
  /** Plain sentences. */
  reasons: Message[];
  /** Set when the series must not be a source whatever the person says. */
  refused?: Message;
  /** Why it is taken for a reformat: no source where the original is there. */
  reformat?: Message;
}

/**
 * Says which contrast a series is, from its attributes alone. TR, TE and TI outrank names, and a disagreement is said;
 * without them names alone count for less. Never throws.
 */
export function recognize(attributes: SeriesAttributes): Recognition {
  const names = tellingNames(attributes);
  const refused = exclusion(attributes, names);
  if (refused) return { contrast: null, confidence: null, reasons: [], refused };
  const part = otherBodyPart(attributes);
  if (part) {
    const reason = message('recognition/body-part', { bodyPart: part });
    return { contrast: null, confidence: null, reasons: [reason] };
  }
  const timing = physics(attributes);
  const named = namedWeighting(names);
  const reformat = reformatReason(attributes, names) ?? undefined;
  return { ...decide(attributes, names, timing, named), ...(reformat && { reformat }) };
}

/** The protocol is often a whole examination: its name is read where the description names neither weighting nor kind. */
function tellingNames(attributes: SeriesAttributes): Name[] {
  const names = namesOf(attributes);
  const described = names.filter(name => name.of === 'description');
  return described.length && namedWeighting(described) ? described : names;
}

function decide(
  attributes: SeriesAttributes,
  names: readonly Name[],
  timing: Physics | null,
  named: NamedWeighting | null,
): Recognition {
  const weighting = timing && !(timing.ambiguous && !named) ? timing.weighting : named?.weighting;
  if (weighting === undefined) return nothing(timing);
  const disagree = timing !== null && named !== null && timing.weighting !== named.weighting;
  const family = FAMILY[weighting];
  const parts = [
    ...(timing ? [timing.words] : []),
    ...(named && !disagree ? [says(named, spoken(named.words))] : []),
  ];
  const conflict =
    disagree && timing && named
      ? [
          message('recognition/times-contradict', {
            name: NAME_OF[named.of].first,
            words: spoken(named.words),
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
  const both = family === 't1' && saysBoth(names);
  if (both)
    return {
      contrast: null,
      confidence: null,
      reasons: [message('recognition/before-and-after', { name: NAME_OF[both.of].first })],
    };
  const agent = family === 't1' ? agentState(attributes, names) : null;
  const contrast = family === 't1' && agent?.given ? 't1ce' : family;
  const known = family !== 't1' || (agent !== null && !agent.weak);
  const confidence = disagree || agent?.weak ? 'low' : timing && named && known ? 'high' : 'medium';
  const said = [...parts, ...(agent ? [agent.words] : [])];
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

function nothing(timing: Physics | null): Recognition {
  const reason = timing
    ? message('recognition/ambiguous-times', { times: timing.words, weighting: PHRASE[timing.weighting] })
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

function spoken(words: string): string {
  return words.replace('t2star', 't2*').replaceAll('withagent', '+c');
}
