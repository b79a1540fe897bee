import { SynthesisError } from '../errors';
import { list, type Message } from '../messages';
import type { Level, PreflightReport } from './report';

/** What a job ends with that its preflight does not let run. */
export class PreflightStop extends SynthesisError {
  constructor(readonly report: PreflightReport) {
    const red = told(report, 'red');
    super(red ? 'preflight-red' : 'preflight-amber', red ?? told(report, 'amber')!);
  }
}

/** The sentences of one level with their remedies, in one line; nothing where no check has it. */
export function told({ checks }: PreflightReport, level: Level): Message | undefined {
  const found = checks.filter(check => check.level === level);
  return found.length > 0
    ? list(found.flatMap(({ text, remedy }) => (remedy ? [text, remedy] : [text])))
    : undefined;
}

/** @throws PreflightStop when anything is red */
export function stopAtRed(report: PreflightReport): void {
  if (report.level === 'red') throw new PreflightStop(report);
}
