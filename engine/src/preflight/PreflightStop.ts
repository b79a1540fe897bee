import { SynthesisError } from '../errors';
import { list, type Message } from '../messages';
import type { Level, PreflightReport } from './report';

/** The preflight does not let a job run. */
export class PreflightStop extends SynthesisError {
  constructor(readonly report: PreflightReport) {
    const red = messagesAt(report, 'red');
    super(red ? 'preflight-red' : 'preflight-amber', red ?? messagesAt(report, 'amber')!);
  }
}

/** Messages of one level with their remedies, in one line; undefined without any. */
export function messagesAt({ checks }: PreflightReport, level: Level): Message | undefined {
  const found = checks.filter(check => check.level === level);
  return found.length > 0
    ? list(found.flatMap(({ text, remedy }) => (remedy ? [text, remedy] : [text])))
    : undefined;
}

/** @throws PreflightStop when anything is red */
export function stopAtRed(report: PreflightReport): void {
  if (report.level === 'red') throw new PreflightStop(report);
}
