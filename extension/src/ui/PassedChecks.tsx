import { checkLabel, list, type PreflightReport } from '@modality-synthesis/engine';
import { t } from '../i18n/translate';
import { Finding, type FindingProps } from './Finding';
import { Fold } from './Fold';

interface PassedChecksProps extends Omit<FindingProps, 'check'> {
  report: PreflightReport;
}

/** The green findings and what is measured later, folded. */
export function PassedChecks({ report: { checks, pending }, ...shared }: PassedChecksProps) {
  const passed = checks.filter(({ level }) => level === 'green');
  return (
    <Fold name="synthesis-passed" title={t('panel/passed', { count: passed.length })}>
      <ul>
        {passed.map(check => (
          <Finding key={check.id} check={check} {...shared} />
        ))}
      </ul>
      {pending.length > 0 && (
        <p className="ms-faint" data-cy="synthesis-preflight-pending">
          {t('panel/measured-at-start', {
            checks: list(
              pending.map(id => checkLabel(id, shared.domain)),
              ', ',
            ),
          })}
        </p>
      )}
      <p className="ms-faint">{t('panel/levels')}</p>
    </Fold>
  );
}
