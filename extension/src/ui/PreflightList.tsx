import { CHECK_LABELS, type Level, type PreflightReport } from '@modality-synthesis/engine';
import { type Text, t, tell } from '../i18n/translate';
import type { PanelService } from './types';

/** Sign and word of each level: colour never says it alone. */
const LEVELS = {
  green: { sign: '✓', word: 'Good' },
  amber: { sign: '!', word: 'Warning' },
  red: { sign: '✕', word: 'Blocked' },
} as const satisfies Record<Level, { sign: string; word: Text }>;

interface PreflightListProps {
  report: PreflightReport;
  accepted: ReadonlySet<string>;
  disabled: boolean;
  service: Pick<PanelService, 'acceptWarning'>;
}

/** What was checked before the job: red blocks, amber wants its tick. */
export function PreflightList({ report, accepted, disabled, service }: PreflightListProps) {
  const { checks, pending } = report;
  return (
    <div data-cy="synthesis-preflight" data-level={report.level}>
      <h3 id="ms-preflight">{t('Preflight')}</h3>
      <ul aria-labelledby="ms-preflight">
        {checks.map(({ id, level, sentence, remedy }) => (
          <li key={id} className="ms-check" data-cy={`synthesis-check-${id}`} data-level={level}>
            <span className="ms-sign" aria-hidden="true">
              {LEVELS[level].sign}
            </span>
            <div>
              <strong>
                {t(CHECK_LABELS[id])}: {t(LEVELS[level].word)}
              </strong>
              <div>{tell(sentence)}</div>
              {remedy && <div className="ms-faint">{tell(remedy)}</div>}
              {level === 'amber' && (
                <label>
                  <input
                    type="checkbox"
                    data-cy={`synthesis-accept-${id}`}
                    aria-label={t('I have read the warning about {{check}}: {{sentence}}', {
                      check: t(CHECK_LABELS[id]),
                      sentence: tell(sentence),
                    })}
                    checked={accepted.has(sentence)}
                    disabled={disabled}
                    onChange={event => service.acceptWarning(sentence, event.target.checked)}
                  />{' '}
                  {t('I have read this')}
                </label>
              )}
            </div>
          </li>
        ))}
      </ul>
      {pending.length > 0 && (
        <p className="ms-faint" data-cy="synthesis-preflight-pending">
          {t('Measured when you start: {{checks}}.', {
            checks: pending.map(id => t(CHECK_LABELS[id]).toLowerCase()).join(', '),
          })}
        </p>
      )}
      <p className="ms-faint">{t('Good runs. A warning runs after its tick. Blocked does not run.')}</p>
    </div>
  );
}
