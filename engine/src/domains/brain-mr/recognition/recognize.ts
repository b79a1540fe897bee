import type { SeriesAttributes } from '../../../dicom/seriesAttributes';
import { list, type Message } from '../../../messages';
import type { Recognition } from '../../Recognition';
import { type RoleId, roleLabel } from '../../Role';
import { message } from '../en';
import { componentOf } from './components';
import { contrastAgentState, namesBeforeAndAfter } from './contrastAgent';
import { exclusionReason, isNamedAfterAnother, otherBodyPart } from './exclusionRules';
import { evidenceOf, NAME_OF, type Name, namesOf } from './names';
import { reformatReason } from './reformat';
import { type NamedWeighting, weightingFromNames } from './weightingFromNames';
import {
  fromAcquisitionContrast,
  type ParameterWeighting,
  type Weighting,
  weightingFromParameters,
} from './weightingFromParameters';

/**
 * Recognizes the contrast of a series from its attributes. TR, TE and TI outrank names; the reasons mention a
 * disagreement. Names alone give less confidence. Never throws.
 */
export function recognize(attributes: SeriesAttributes): Recognition {
  const names = informativeNames(attributes);
  const refused = exclusionReason(attributes, names);
  if (refused) return namedAfterAnother(attributes, names, refused);
  if (otherBodyPart(attributes)) return ofOtherBodyPart(attributes);
  const named = weightingFromNames(names);
  const timing = read(weightingFromParameters(attributes), named);
  const reformat = reformatReason(attributes, names) ?? undefined;
  const decided = decide(attributes, names, timing, named);
  return { ...withComponent(decided, componentOf(attributes, names)), ...(reformat && { reformat }) };
}

/** A series excluded by its name: a person decides where name and times say a contrast as well. */
function namedAfterAnother(
  attributes: SeriesAttributes,
  names: readonly Name[],
  refused: Message,
): Recognition {
  const named = weightingFromNames(names);
  const timing = weightingFromParameters(attributes);
  const alike = named && timing && named.weighting === timing.weighting ? named.weighting : undefined;
  const alternatives = rolesOf(attributes, names, alike);
  return alternatives.length > 0 && isNamedAfterAnother(attributes, names)
    ? { role: null, confidence: null, reasons: [refused], alternatives }
    : { role: null, confidence: null, reasons: [], refused };
}

/** A series whose BodyPartExamined is not the head: a person decides between what it would be there. */
export function ofOtherBodyPart(attributes: SeriesAttributes): Recognition {
  const { BodyPartExamined: bodyPart = '', ...others } = attributes;
  const { role, refused, alternatives = [] } = recognize(others);
  if (refused) return { role: null, confidence: null, reasons: [], refused };
  return {
    role: null,
    confidence: null,
    reasons: [message('brain-mr/recognition/body-part', { bodyPart: bodyPart.trim() })],
    alternatives: role ? [role, ...alternatives] : alternatives,
  };
}

/** The protocol is often a whole examination, so its name counts only if the description has no weighting. */
function informativeNames(attributes: SeriesAttributes): Name[] {
  const names = namesOf(attributes);
  const described = names.filter(name => name.of === 'description');
  return described.length && weightingFromNames(described) ? described : names;
}

/** Of a Dixon acquisition: which image it is, if that is told. */
function withComponent(decided: Recognition, component: ReturnType<typeof componentOf>): Recognition {
  if (!component || decided.role === null) return decided;
  if (component === 'unknown') {
    const reason = message('brain-mr/recognition/water-or-fat');
    return { ...decided, confidence: 'low', reasons: [...decided.reasons, reason] };
  }
  const { label, evidence, use } = component;
  const reason = message('brain-mr/recognition/component', { kind: label, evidence });
  const lesser = use === 'second' ? message('brain-mr/choice/component', { kind: label }) : undefined;
  return { ...decided, reasons: [...decided.reasons, reason], ...(lesser && { lesser }) };
}

/** The times as the name reads them, where they fit several weightings. */
function read(timing: ParameterWeighting | null, named: NamedWeighting | null): ParameterWeighting | null {
  if (!timing || !named) return timing;
  if (timing.weighting === named.weighting) return { ...timing, also: undefined };
  return timing.also?.includes(named.weighting) ? { ...timing, weighting: named.weighting } : timing;
}

function decide(
  attributes: SeriesAttributes,
  names: readonly Name[],
  timing: ParameterWeighting | null,
  named: NamedWeighting | null,
): Recognition {
  const weighting = timing && !(timing.ambiguous && !named) ? timing.weighting : named?.weighting;
  if (weighting === undefined) return unrecognized(attributes, names, timing);
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
    const alternatives = rolesOf(attributes, names, disagree ? named?.weighting : undefined);
    return { role: null, confidence: null, reasons: [reason, ...conflict], alternatives };
  }
  const both = family === 't1' && namesBeforeAndAfter(names);
  if (both)
    return {
      role: null,
      confidence: null,
      alternatives: ['t1', 't1ce'],
      reasons: [message('brain-mr/recognition/before-and-after', { name: NAME_OF[both.of].first })],
    };
  const agent = family === 't1' ? contrastAgentState(attributes, names) : null;
  const role = family === 't1' && agent?.given ? 't1ce' : family;
  const known = family !== 't1' || (agent !== null && !agent.doubt);
  const fits = timing?.also?.includes(weighting) ?? false;
  const weak = disagree || agent?.doubt === 'weak' || (fits && timing?.weak);
  const sure = timing && named && known && !fits && !isDenied(attributes, family);
  const confidence = weak ? 'low' : sure ? 'high' : 'medium';
  const alternatives = [
    ...(known ? [] : [role === 't1' ? 't1ce' : 't1']),
    ...(disagree ? rolesOf(attributes, names, named?.weighting) : []),
  ];
  const said = [...parts, ...(agent ? [agent.evidence] : [])];
  return {
    role,
    confidence,
    ...(alternatives.length > 0 && { alternatives }),
    reasons: [
      message('brain-mr/recognition/contrast', { role: roleLabel(role), evidence: list(said, '; ') }),
      ...conflict,
      ...(timing || attributes.EchoTime !== undefined ? [] : [message('brain-mr/recognition/no-times')]),
      ...(family === 't1' && !agent ? [message('brain-mr/recognition/agent-unknown')] : []),
    ],
  };
}

/** Whether AcquisitionContrast says another weighting, or says alone what the times do not confirm. */
function isDenied(attributes: SeriesAttributes, family: 't1' | 't2' | 'flair'): boolean {
  const { AcquisitionContrast, RepetitionTime, EchoTime } = attributes;
  const acquired = fromAcquisitionContrast(AcquisitionContrast);
  if (!acquired) return false;
  const hasTimes = RepetitionTime !== undefined && EchoTime !== undefined;
  const byTimes = weightingFromParameters({ ...attributes, AcquisitionContrast: undefined });
  return FAMILY[acquired.weighting] !== family || (hasTimes && byTimes === null);
}

function unrecognized(
  attributes: SeriesAttributes,
  names: readonly Name[],
  timing: ParameterWeighting | null,
): Recognition {
  const reason = timing
    ? message('brain-mr/recognition/ambiguous-times', {
        times: timing.evidence,
        weighting: PHRASE[timing.weighting],
      })
    : message('brain-mr/recognition/unrecognized');
  const possible = timing ? [timing.weighting, ...(timing.also ?? [])] : ANY;
  const alternatives = [...new Set(possible.flatMap(weighting => rolesOf(attributes, names, weighting)))];
  return { role: null, confidence: null, reasons: [reason], alternatives };
}

/** The roles that a series of this weighting may have. */
function rolesOf(
  attributes: SeriesAttributes,
  names: readonly Name[],
  weighting: Weighting | undefined,
): RoleId[] {
  const family = weighting ? FAMILY[weighting] : null;
  if (family !== 't1') return family ? [family] : [];
  const agent = contrastAgentState(attributes, names);
  if (!agent || agent.doubt) return ['t1', 't1ce'];
  return [agent.given ? 't1ce' : 't1'];
}

/** What a series is that says nothing. */
const ANY: readonly Weighting[] = ['t1', 't2', 'flair'];

const FAMILY: Readonly<Record<Weighting, 't1' | 't2' | 'flair' | null>> = {
  t1: 't1',
  t2: 't2',
  flair: 'flair',
  t2star: null,
  pd: null,
  stir: null,
  'steady-state': null,
  'white-matter-nulled': null,
  mp2rage: null,
};

const PHRASE: Readonly<Record<Weighting, Message>> = {
  t1: message('brain-mr/weighting/t1'),
  t2: message('brain-mr/weighting/t2'),
  flair: message('brain-mr/weighting/flair'),
  t2star: message('brain-mr/weighting/t2star'),
  pd: message('brain-mr/weighting/pd'),
  stir: message('brain-mr/weighting/stir'),
  'steady-state': message('brain-mr/weighting/ciss'),
  'white-matter-nulled': message('brain-mr/weighting/white-matter-nulled'),
  mp2rage: message('brain-mr/kind/mp2rage'),
};

function withSigns(words: string): string {
  return words.replace('t2star', 't2*').replaceAll('withagent', '+c');
}
