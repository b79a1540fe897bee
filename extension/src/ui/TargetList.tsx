import { CONTRAST_LABELS, type Contrast } from '@modality-synthesis/engine';
import { t, translate } from '../i18n/translate';
import type { Plan } from '../session/ViewerPort';

interface TargetListProps {
  plan: Plan;
  targets: readonly Contrast[];
  disabled: boolean;
  onChoose: (target: Contrast, wanted: boolean) => void;
}

/** The contrasts that are missing, to be ticked. */
export function TargetList({ plan, targets, disabled, onChoose }: TargetListProps) {
  return (
    <fieldset style={{ border: 0, padding: 0, margin: 0 }}>
      <legend>
        <h3>{t('panel/targets')}</h3>
      </legend>
      {plan.missing.length === 0 && <p className="ms-faint">{t('panel/nothing-missing')}</p>}
      <ul>
        {plan.missing.map(contrast => (
          <li key={contrast}>
            <label>
              <input
                type="checkbox"
                data-cy={`synthesis-target-${contrast}`}
                checked={targets.includes(contrast)}
                disabled={disabled}
                onChange={event => onChoose(contrast, event.target.checked)}
              />{' '}
              {translate(CONTRAST_LABELS[contrast])}
            </label>
          </li>
        ))}
      </ul>
    </fieldset>
  );
}
