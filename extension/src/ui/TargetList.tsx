import { type RoleId, roleLabel } from '@modality-synthesis/engine';
import { Input } from '@ohif/ui-next';
import { t, translate } from '../i18n/translate';
import type { Selection, TargetControl } from '../session/selection';
import type { Plan } from '../session/ViewerPort';

interface TargetListProps {
  plan: Plan;
  targets: readonly RoleId[];
  controls: readonly TargetControl[];
  disabled: boolean;
  selection: Selection;
}

/** Checkboxes of the missing roles, with their parameters. */
export function TargetList({ plan, targets, controls, disabled, selection }: TargetListProps) {
  return (
    <fieldset className="ms-targets">
      <legend>
        <h3>{t('panel/targets')}</h3>
      </legend>
      {plan.missing.length === 0 && <p className="ms-faint">{t('panel/nothing-missing')}</p>}
      <ul>
        {plan.missing.map(role => (
          <li key={role}>
            <label>
              <input
                type="checkbox"
                data-cy={`synthesis-target-${role}`}
                checked={targets.includes(role)}
                disabled={disabled}
                onChange={event => selection.chooseTarget(role, event.target.checked)}
              />{' '}
              {translate(roleLabel(role))}
            </label>
            {controls
              .filter(({ target }) => target === role)
              .map(control => (
                <div key={control.name} className="ms-row">
                  <label htmlFor={inputId(control)}>{translate(control.parameter.label)}</label>
                  <span>
                    {control.parameter.step && (
                      <input
                        type="range"
                        data-cy={`synthesis-slider-${role}-${control.name}`}
                        aria-label={translate(control.parameter.label)}
                        min={control.parameter.min}
                        max={control.parameter.max}
                        step={control.parameter.step}
                        value={Number.isNaN(control.value) ? control.parameter.default : control.value}
                        disabled={disabled}
                        onChange={event => selection.chooseParameter(control, event.target.valueAsNumber)}
                      />
                    )}{' '}
                    <Input
                      id={inputId(control)}
                      type="number"
                      className="ms-number"
                      data-cy={`synthesis-parameter-${role}-${control.name}`}
                      min={control.parameter.min}
                      max={control.parameter.max}
                      step={control.parameter.whole ? 1 : 'any'}
                      value={Number.isNaN(control.value) ? '' : control.value}
                      disabled={disabled}
                      onChange={event => selection.chooseParameter(control, event.target.valueAsNumber)}
                    />{' '}
                    {control.parameter.unit}
                  </span>
                </div>
              ))}
          </li>
        ))}
      </ul>
    </fieldset>
  );
}

function inputId({ target, name }: TargetControl): string {
  return `ms-parameter-${target}-${name}`;
}
