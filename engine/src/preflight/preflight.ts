import { alignment } from './alignment';
import { cost } from './cost';
import { coverage } from './coverage';
import { download } from './download';
import type { PreflightFacts } from './facts';
import { fit } from './fit';
import { head } from './head';
import { CHECK_LABELS, type Check, type CheckId, type Finding, type PreflightReport, worst } from './report';
import { resolution } from './resolution';
import { sources } from './sources';

/** Null: what the check needs is not known yet. */
const CHECKS: Record<CheckId, (facts: PreflightFacts) => Finding | null> = {
  sources,
  coverage,
  resolution,
  alignment,
  head,
  fit,
  cost,
  download,
};

/** Every check on what is known so far. */
export function preflight(facts: PreflightFacts): PreflightReport {
  const checks: Check[] = [];
  const pending: CheckId[] = [];
  for (const id of Object.keys(CHECK_LABELS) as CheckId[]) {
    const finding = CHECKS[id](facts);
    if (finding) checks.push({ id, ...finding });
    else pending.push(id);
  }
  return { level: worst(checks.map(check => check.level)), checks, pending };
}
