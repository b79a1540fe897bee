import type { SeriesAttributes } from '../../../dicom/seriesAttributes';
import { list, type Message } from '../../../messages';
import type { Recognition } from '../../Recognition';
import { roleLabel } from '../../Role';
import { message } from '../en';
import { contrastAgentState, namesBeforeAndAfter } from './contrastAgent';
import { exclusionReason, otherBodyPart } from './exclusionRules';
import { evidenceOf, NAME_OF, type Name, namesOf } from './names';
import { reformatReason } from './reformat';
import { type NamedWeighting, weightingFromNames } from './weightingFromNames';
import { type ParameterWeighting, type Weighting, weightingFromParameters } from './weightingFromParameters';

/**
 * Recognizes the contrast of a series from its attributes. TR, TE and TI outrank names; the reasons mention a
 * disagreement. Names alone give less confidence. Never throws.
 */
export function recognize(attributes: SeriesAttributes): Recognition {
  const names = informativeNames(attributes);
  const refused = exclusionReason(attributes, names);
  if (refused) return { role: null, confidence: null, reasons: [], refused };
  const part = otherBodyPart(attributes);
  if (part) {
    const reason = message('brain-mr/recognition/body-part', { bodyPart: part });
    return { role: null, confidence: null, reasons: [reason] };
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
          message('brain-mr/recognition/times-contradict', {
            name: NAME_OF[named.of].first,
            words: withSigns(named.match),
            weighting: PHRASE[timing.weighting],
          }),
        ]
      : [];
  if (family === null) {
    const reason = message('brain-mr/recognition/none-of-four', {
      weighting: PHRASE[weighting],
      evidence: list(parts, '; '),
    });
    return { role: null, confidence: null, reasons: [reason, ...conflict] };
  }
  const both = family === 't1' && namesBeforeAndAfter(names);
  if (both)
    return {
      role: null,
      confidence: null,
      reasons: [message('brain-mr/recognition/before-and-after', { name: NAME_OF[both.of].first })],
    };
  const agent = family === 't1' ? contrastAgentState(attributes, names) : null;
  const role = family === 't1' && agent?.given ? 't1ce' : family;
  const known = family !== 't1' || (agent !== null && !agent.weak);
  const confidence = disagree || agent?.weak ? 'low' : timing && named && known ? 'high' : 'medium';
  const said = [...parts, ...(agent ? [agent.evidence] : [])];
  return {
    role,
    confidence,
    reasons: [
      message('brain-mr/recognition/contrast', { role: roleLabel(role), evidence: list(said, '; ') }),
      ...conflict,
      ...(timing || attributes.EchoTime !== undefined ? [] : [message('brain-mr/recognition/no-times')]),
      ...(family === 't1' && !agent ? [message('brain-mr/recognition/agent-unknown')] : []),
    ],
  };
}

function unrecognized(timing: ParameterWeighting | null): Recognition {
  const reason = timing
    ? message('brain-mr/recognition/ambiguous-times', {
        times: timing.evidence,
        weighting: PHRASE[timing.weighting],
      })
    : message('brain-mr/recognition/unrecognized');
  return { role: null, confidence: null, reasons: [reason] };
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
  t1: message('brain-mr/weighting/t1'),
  t2: message('brain-mr/weighting/t2'),
  flair: message('brain-mr/weighting/flair'),
  t2star: message('brain-mr/weighting/t2star'),
  pd: message('brain-mr/weighting/pd'),
  stir: message('brain-mr/weighting/stir'),
  'steady-state': message('brain-mr/weighting/ciss'),
};

function withSigns(words: string): string {
  return words.replace('t2star', 't2*').replaceAll('withagent', '+c');
}
