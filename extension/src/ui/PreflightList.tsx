import {
  type CheckId,
  checkLabel,
  type Domain,
  identityOf,
  type Level,
  list,
  type Message,
  type PreflightReport,
} from '@modality-synthesis/engine';
import { codesOf, message } from '../i18n/message';
import { t, translate } from '../i18n/translate';
import type { PanelService } from './types';

/** Sign and name of each level, so that it does not depend on colour alone. */
const LEVELS = {
  green: { sign: '✓', label: message('level/green') },
  amber: { sign: '!', label: message('level/amber') },
  red: { sign: '✕', label: message('level/red') },
} as const satisfies Record<Level, { sign: string; label: Message }>;

interface PreflightListProps {
  domain: Domain;
  report: PreflightReport;
  acknowledged: ReadonlySet<string>;
  disabled: boolean;
  service: Pick<PanelService, 'acknowledge'>;
}

/** Findings before the job: red stops it, amber needs acknowledgement. */
export function PreflightList({ domain, report, acknowledged, disabled, service }: PreflightListProps) {
  const { checks, pending } = report;
  const label = (id: CheckId) => checkLabel(id, domain);
  return (
    <div data-cy="synthesis-preflight" data-level={report.level}>
      <h3 id="ms-preflight">{t('panel/preflight')}</h3>
      <ul aria-labelledby="ms-preflight">
        {checks.map(({ id, level, text, remedy }) => (
          <li
            key={id}
            className="ms-check"
            data-cy={`synthesis-check-${id}`}
            data-level={level}
            data-code={codesOf(text)}
          >
            <span className="ms-sign" aria-hidden="true">
              {LEVELS[level].sign}
            </span>
            <div>
              <strong>
                {translate(label(id))}: {translate(LEVELS[level].label)}
              </strong>
              <div>{translate(text)}</div>
              {remedy && <div className="ms-faint">{translate(remedy)}</div>}
              {level === 'amber' && (
                <label>
                  <input
                    type="checkbox"
                    data-cy={`synthesis-accept-${id}`}
                    aria-label={t('panel/acknowledge-warning', { check: label(id), finding: text })}
                    checked={acknowledged.has(identityOf(text))}
                    disabled={disabled}
                    onChange={event => service.acknowledge(identityOf(text), event.target.checked)}
                  />{' '}
                  {t('panel/acknowledge')}
                </label>
              )}
            </div>
          </li>
        ))}
      </ul>
      {pending.length > 0 && (
        <p className="ms-faint" data-cy="synthesis-preflight-pending">
          {t('panel/measured-at-start', {
            checks: list(pending.map(label), ', '),
          })}
        </p>
      )}
      <p className="ms-faint">{t('panel/levels')}</p>
    </div>
  );
}
