import { SynthesisError } from '../errors';
import type { Level, PreflightReport } from './report';

/** What a job ends with that its preflight does not let run. */
export class PreflightStop extends SynthesisError {
  constructor(readonly report: PreflightReport) {
    const red = told(report, 'red');
    super(red ? 'preflight-red' : 'preflight-amber', red || told(report, 'amber'));
  }
}

/** The sentences of one level with their remedies, in one line. */
export function told({ checks }: PreflightReport, level: Level): string {
  return checks
    .filter(check => check.level === level)
    .map(({ sentence, remedy }) => (remedy ? `${sentence} ${remedy}` : sentence))
    .join(' ');
}

/** @throws PreflightStop when anything is red */
export function stopAtRed(report: PreflightReport): void {
  if (report.level === 'red') throw new PreflightStop(report);
}
