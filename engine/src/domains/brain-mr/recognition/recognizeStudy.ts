import type { SeriesAttributes } from '../../../dicom/seriesAttributes';
import { isSynthetic } from '../../../dicom/synthetic';
import type { Site } from '../../Domain';
import type { Recognition, RecognizedSeries } from '../../Recognition';
import { message } from '../en';
import { beforeBolus } from './beforeBolus';
import { contrastAgentState } from './contrastAgent';
import { isSpinePart } from './exclusionRules';
import { withDose, withLesserDoses } from './lowDose';
import { find, namesOf, terms } from './names';
import { ofOtherBodyPart, recognize } from './recognize';

/** Images that are made of those before and after the agent, or as it arrives. */
const OF_AN_AGENT = terms('s{0,2}sub(?! \\d)', '*subtra*', 'dsc', 'dce', '(?:test|care) ?bolus');

/**
 * Recognizes the series of a study. Some sites enter ContrastBolusAgent with the patient, so it proves
 * nothing where all series have it, and little where it alone leaves a study without images from before the
 * agent. Others examine the head under a protocol of the spine: a BodyPartExamined that all series have
 * excludes none of them. Where an agent was given and no T1 after it is told, a T1 of which nothing is told
 * is doubtful. A T1 after less of the agent than usual has a role of its own.
 */
export function recognizeStudy(series: readonly RecognizedSeries[], site?: Site): Recognition[] {
  const spine = isSpineEverywhere(series);
  const all = series.map(({ attributes }) => recognizeOne(attributes, spine));
  const others = series.map(s => recognizeOne({ ...s.attributes, ContrastBolusAgent: undefined }, spine));
  const proven = new Set(others.map(({ role }) => role));
  const found = new Set(all.map(({ role }) => role));
  // A synthetic series proves nothing of how the patient was examined.
  const acquired = series.filter(s => !isSynthetic(s.attributes));
  const everywhere = agentIsEverywhere(acquired);
  const missed = !found.has('t1ce') && agentWasGiven(acquired, everywhere);
  const roles = all.map((one, n): Recognition => {
    const other = others[n];
    if (missed && one.role === 't1' && one.alternatives?.includes('t1ce')) {
      const reason = message('brain-mr/recognition/agent-given');
      return { ...one, confidence: 'low', reasons: [...one.reasons, reason] };
    }
    if (one.role === null || other.role === null || one.role === other.role) return one;
    const leavesNone = proven.has(one.role) && !found.has(other.role);
    if (!everywhere && !leavesNone) return one;
    const agent = series[n].attributes.ContrastBolusAgent ?? '';
    const reason = message('brain-mr/recognition/agent-alone', { agent });
    if (everywhere && leavesNone) return { ...other, reasons: [...other.reasons, reason] };
    return { ...one, confidence: 'low', alternatives: [other.role], reasons: [...one.reasons, reason] };
  });
  return withLesserDoses(
    roles.map((one, n) => withDose(one, series[n].attributes, site)),
    series,
  );
}

/** Whether several series, all of the study, have the same ContrastBolusAgent, and none began before it. */
function agentIsEverywhere(series: readonly RecognizedSeries[]): boolean {
  const agents = new Set(series.map(s => s.attributes.ContrastBolusAgent?.trim() ?? ''));
  const several = new Set(series.map(s => s.SeriesInstanceUID)).size > 1;
  return several && agents.size === 1 && !agents.has('') && !series.some(s => beforeBolus(s.attributes));
}

/** Whether a series tells that an agent was given in this study: its tag or name, or a subtraction. */
function agentWasGiven(series: readonly RecognizedSeries[], everywhere: boolean): boolean {
  return series.some(({ attributes }) => {
    const names = namesOf(attributes);
    const { ContrastBolusAgent } = everywhere ? {} : attributes;
    const state = contrastAgentState({ ...attributes, ContrastBolusAgent }, names);
    return (state?.given && !state.doubt) || find(names, OF_AN_AGENT) !== null;
  });
}

/** Whether no series says that it shows something else. */
function isSpineEverywhere(series: readonly RecognizedSeries[]): boolean {
  const told = series.map(s => s.attributes).filter(a => a.BodyPartExamined?.trim() && !isSynthetic(a));
  return told.length > 0 && told.every(isSpinePart);
}

/** A FLAIR shows the head, wherever BodyPartExamined says that it was acquired. */
function recognizeOne(attributes: SeriesAttributes, spineEverywhere: boolean): Recognition {
  const recognized = recognize(attributes);
  if (!isSpinePart(attributes)) return recognized;
  const asked = ofOtherBodyPart(attributes);
  return spineEverywhere || asked.alternatives?.includes('flair') ? asked : recognized;
}
