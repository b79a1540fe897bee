import { checkCoverage } from '../domains/brain-mr/checks/checkCoverage';
import { checkHead } from '../domains/brain-mr/checks/checkHead';
import { checkAlignment } from './checkAlignment';
import { checkCost } from './checkCost';
import { checkDownload } from './checkDownload';
import { checkFit } from './checkFit';
import { checkResolution } from './checkResolution';
import { checkSources } from './checkSources';
import type { PreflightFacts } from './facts';
import { CHECK_LABELS, type Check, type CheckId, type Finding, type PreflightReport, worst } from './report';

/** Null: the facts of the check are not known yet. */
const CHECKS: Record<CheckId, (facts: PreflightFacts) => Finding | null> = {
  sources: checkSources,
  coverage: checkCoverage,
  resolution: checkResolution,
  alignment: checkAlignment,
  head: checkHead,
  fit: checkFit,
  cost: checkCost,
  download: checkDownload,
};

/** Runs all checks on the facts known so far. */
export function runPreflight(facts: PreflightFacts): PreflightReport {
  const checks: Check[] = [];
  const pending: CheckId[] = [];
  for (const id of Object.keys(CHECK_LABELS) as CheckId[]) {
    const finding = CHECKS[id](facts);
    if (finding) checks.push({ id, ...finding });
    else pending.push(id);
  }
  return { level: worst(checks.map(check => check.level)), checks, pending };
}
