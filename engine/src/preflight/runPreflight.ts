import type { Domain, PreflightCheck } from '../domains/Domain';
import { type Message, message } from '../messages';
import { checkAlignment } from './checkAlignment';
import { checkCost, durationOf } from './checkCost';
import { checkDownload, downloadOf } from './checkDownload';
import { checkFit } from './checkFit';
import { checkParameters, hasParameters } from './checkParameters';
import { checkResolution } from './checkResolution';
import { checkServer } from './checkServer';
import { checkSources } from './checkSources';
import type { PreflightFacts } from './facts';
import { CHECK_IDS, type Check, type CheckId, type PreflightReport, worst } from './report';

const CHECKS: Readonly<Record<Exclude<CheckId, keyof Domain['checks']>, PreflightCheck>> = {
  server: { label: message('check/server'), applies: facts => facts.server !== undefined, run: checkServer },
  sources: { label: message('check/sources'), run: checkSources },
  resolution: { label: message('check/resolution'), run: checkResolution },
  alignment: { label: message('check/alignment'), run: checkAlignment },
  fit: { label: message('check/fit'), run: checkFit },
  parameters: { label: message('check/parameters'), applies: hasParameters, run: checkParameters },
  cost: { label: message('check/cost'), run: checkCost },
  download: { label: message('check/download'), run: checkDownload },
};

/** Name of a check for people. */
export function checkLabel(id: CheckId, domain: Domain): Message {
  return { ...CHECKS, ...domain.checks }[id].label;
}

/** Runs all checks on the facts known so far. */
export function runPreflight(facts: PreflightFacts, domain: Domain): PreflightReport {
  const all: Readonly<Record<CheckId, PreflightCheck>> = { ...CHECKS, ...domain.checks };
  const checks: Check[] = [];
  const pending: CheckId[] = [];
  for (const id of CHECK_IDS) {
    const { applies, run } = all[id];
    if (applies?.(facts) === false) continue;
    const finding = run(facts, domain);
    if (finding) checks.push({ id, ...finding });
    else pending.push(id);
  }
  const level = worst(checks.map(check => check.level));
  return { level, checks, pending, duration: durationOf(facts, domain), download: downloadOf(facts) };
}
