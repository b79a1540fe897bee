import {
  type Check,
  checkLabel,
  type Domain,
  identityOf,
  type Level,
  type Message,
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

export interface FindingProps {
  check: Check;
  domain: Domain;
  acknowledged: ReadonlySet<string>;
  disabled: boolean;
  service: Pick<PanelService, 'acknowledge'>;
}

/** What one check found; amber with the tick that acknowledges it. */
export function Finding({ check, domain, acknowledged, disabled, service }: FindingProps) {
  const { id, level, text, remedy } = check;
  const label = checkLabel(id, domain);
  return (
    <li className="ms-check" data-cy={`synthesis-check-${id}`} data-level={level} data-code={codesOf(text)}>
      <span className="ms-sign" aria-hidden="true">
        {LEVELS[level].sign}
      </span>
      <div>
        <strong>
          {translate(label)}: {translate(LEVELS[level].label)}
        </strong>
        <div>{translate(text)}</div>
        {remedy && <div className="ms-faint">{translate(remedy)}</div>}
        {level === 'amber' && (
          <label>
            <input
              type="checkbox"
              data-cy={`synthesis-accept-${id}`}
              aria-label={t('panel/acknowledge-warning', { check: label, finding: text })}
              checked={acknowledged.has(identityOf(text))}
              disabled={disabled}
              onChange={event => service.acknowledge(identityOf(text), event.target.checked)}
            />{' '}
            {t('panel/acknowledge')}
          </label>
        )}
      </div>
    </li>
  );
}
