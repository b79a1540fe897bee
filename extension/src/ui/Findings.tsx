import type { PreflightReport } from '@modality-synthesis/engine';
import { t } from '../i18n/translate';
import { Finding, type FindingProps } from './Finding';

interface FindingsProps extends Omit<FindingProps, 'check'> {
  report: PreflightReport;
}

/** What a person must read before the start: red stops the job, amber needs acknowledgement. */
export function Findings({ report, ...shared }: FindingsProps) {
  const troubles = report.checks.filter(({ level }) => level !== 'green');
  if (troubles.length === 0) return null;
  return (
    <ul aria-label={t('panel/findings')}>
      {troubles.map(check => (
        <Finding key={check.id} check={check} {...shared} />
      ))}
    </ul>
  );
}
