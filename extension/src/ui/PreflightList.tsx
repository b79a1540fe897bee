import {
  CHECK_LABELS,
  english,
  joined,
  type Level,
  type PreflightReport,
  type Sentence,
  say,
} from '@modality-synthesis/engine';
import { t, tell } from '../i18n/translate';
import type { PanelService } from './types';

/** Sign and word of each level: colour never says it alone. */
const LEVELS = {
  green: { sign: '✓', word: say`Good` },
  amber: { sign: '!', word: say`Warning` },
  red: { sign: '✕', word: say`Blocked` },
} as const satisfies Record<Level, { sign: string; word: Sentence }>;

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
      <h3 id="ms-preflight">{t`Preflight`}</h3>
      <ul aria-labelledby="ms-preflight">
        {checks.map(({ id, level, sentence, remedy }) => (
          <li key={id} className="ms-check" data-cy={`synthesis-check-${id}`} data-level={level}>
            <span className="ms-sign" aria-hidden="true">
              {LEVELS[level].sign}
            </span>
            <div>
              <strong>
                {tell(CHECK_LABELS[id])}: {tell(LEVELS[level].word)}
              </strong>
              <div>{tell(sentence)}</div>
              {remedy && <div className="ms-faint">{tell(remedy)}</div>}
              {level === 'amber' && (
                <label>
                  <input
                    type="checkbox"
                    data-cy={`synthesis-accept-${id}`}
                    aria-label={t`I have read the warning about ${CHECK_LABELS[id]}: ${sentence}`}
                    checked={accepted.has(english(sentence))}
                    disabled={disabled}
                    onChange={event => service.acceptWarning(english(sentence), event.target.checked)}
                  />{' '}
                  {t`I have read this`}
                </label>
              )}
            </div>
          </li>
        ))}
      </ul>
      {pending.length > 0 && (
        <p className="ms-faint" data-cy="synthesis-preflight-pending">
          {t`Measured when you start: ${joined(
            pending.map(id => CHECK_LABELS[id]),
            ', ',
          )}.`}
        </p>
      )}
      <p className="ms-faint">{t`Good runs. A warning runs after its tick. Blocked does not run.`}</p>
    </div>
  );
}
