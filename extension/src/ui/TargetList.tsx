import { type RoleId, roleLabel } from '@modality-synthesis/engine';
import { Input } from '@ohif/ui-next';
import type { ChangeEvent } from 'react';
import { t, translate, translateBundleText } from '../i18n/translate';
import type { Selection, TargetControl } from '../session/selection';
import type { Plan } from '../session/ViewerPort';

interface TargetListProps {
  plan: Plan;
  targets: readonly RoleId[];
  controls: readonly TargetControl[];
  /** What must be known of a target, an English sentence of the bundle; beside the plan once it is chosen. */
  cautions: ReadonlyMap<RoleId, string>;
  disabled: boolean;
  selection: Selection;
}

/** Checkboxes of the missing roles, with their parameters. */
export function TargetList({ plan, targets, controls, cautions, disabled, selection }: TargetListProps) {
  const why = (role: RoleId) =>
    cautions.has(role) && !targets.includes(role) ? `ms-why-${role}` : undefined;
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
                aria-describedby={why(role)}
                disabled={disabled}
                onChange={event => selection.chooseTarget(role, event.target.checked)}
              />{' '}
              {translate(roleLabel(role))}
            </label>
            {why(role) && (
              <div id={why(role)} className="ms-faint" data-cy={`synthesis-why-${role}`}>
                {translateBundleText(cautions.get(role) ?? '')}
              </div>
            )}
            {controls
              .filter(({ target }) => target === role)
              .map(control => (
                <Control key={control.name} control={control} disabled={disabled} selection={selection} />
              ))}
          </li>
        ))}
      </ul>
    </fieldset>
  );
}

/** A number of a target, with a slider where it has one, and what headers tell of it. */
function Control({
  control,
  disabled,
  selection,
}: { control: TargetControl } & Pick<TargetListProps, 'disabled' | 'selection'>) {
  const { target, name, parameter, told } = control;
  const id = `ms-parameter-${target}-${name}`;
  const value = Number.isNaN(control.value) ? '' : control.value;
  const { min, max, unit } = parameter;
  const choose = (event: ChangeEvent<HTMLInputElement>) =>
    selection.chooseParameter(control, event.target.valueAsNumber);
  return (
    <div className="ms-control">
      <div className="ms-row">
        <label htmlFor={id}>{translate(parameter.label)}</label>
        <span className="ms-value">
          <Input
            id={id}
            type="number"
            className="ms-number"
            data-cy={`synthesis-parameter-${target}-${name}`}
            aria-describedby={told && `${id}-told`}
            {...{ min, max, value, disabled }}
            step={parameter.whole ? 1 : 'any'}
            onChange={choose}
          />{' '}
          {unit}
        </span>
      </div>
      {parameter.step && (
        <input
          type="range"
          className="ms-range"
          data-cy={`synthesis-slider-${target}-${name}`}
          aria-label={translate(parameter.label)}
          aria-valuetext={unit && `${value} ${unit}`}
          {...{ min, max, disabled }}
          step={parameter.step}
          value={value === '' ? parameter.default : value}
          onChange={choose}
        />
      )}
      {told && (
        <div id={`${id}-told`} className={told.doubtful ? 'ms-warning' : 'ms-faint'}>
          {translate(told.text)}
        </div>
      )}
    </div>
  );
}
