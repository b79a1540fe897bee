import type { Recognition, RecognizedSeries } from '../../Recognition';
import { message } from '../en';
import { beforeBolus } from './beforeBolus';
import { recognize } from './recognize';

/**
 * Recognizes the series of a study. Some sites enter ContrastBolusAgent with the patient, so it proves
 * nothing where all series have it, and little where it alone leaves a study without images from before the
 * agent.
 */
export function recognizeStudy(series: readonly RecognizedSeries[]): Recognition[] {
  const all = series.map(({ attributes }) => recognize(attributes));
  const others = series.map(s => recognize({ ...s.attributes, ContrastBolusAgent: undefined }));
  const proven = new Set(others.map(({ role }) => role));
  const found = new Set(all.map(({ role }) => role));
  const everywhere = agentIsEverywhere(series);
  return all.map((one, n) => {
    const other = others[n];
    if (one.role === null || other.role === null || one.role === other.role) return one;
    const leavesNone = proven.has(one.role) && !found.has(other.role);
    if (!everywhere && !leavesNone) return one;
    const agent = series[n].attributes.ContrastBolusAgent ?? '';
    const reason = message('brain-mr/recognition/agent-alone', { agent });
    if (everywhere && leavesNone) return { ...other, reasons: [...other.reasons, reason] };
    return { ...one, confidence: 'low', alternatives: [other.role], reasons: [...one.reasons, reason] };
  });
}

/** Whether several series, all of the study, have the same ContrastBolusAgent, and none began before it. */
function agentIsEverywhere(series: readonly RecognizedSeries[]): boolean {
  const agents = new Set(series.map(s => s.attributes.ContrastBolusAgent?.trim() ?? ''));
  const several = new Set(series.map(s => s.SeriesInstanceUID)).size > 1;
  return several && agents.size === 1 && !agents.has('') && !series.some(s => beforeBolus(s.attributes));
}
