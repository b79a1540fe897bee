import { CONFIDENCE_LABELS, list, type RoleId, roleLabel, type SourceRow } from '@modality-synthesis/engine';
import { t, translate } from '../i18n/translate';
import type { Selection } from '../session/selection';
import type { Plan } from '../session/ViewerPort';
import { Choice } from './Choice';

interface SourceListProps {
  plan: Plan;
  disabled: boolean;
  selection: Selection;
}

/** The series of the study with their roles, which a user can change; a refused one with its reason. */
export function SourceList({ plan, disabled, selection }: SourceListProps) {
  const roles = Object.keys(plan.domain.roles);
  return (
    <div>
      <h3>{t('panel/acquired')}</h3>
      <ul>
        {plan.rows.map(row => (
          <li key={row.series.id} data-cy={`synthesis-source-${row.role ?? 'none'}`}>
            <div className="ms-row">
              <span>
                {row.series.SeriesNumber}. {translate(row.series.description)}
              </span>
              <RoleChoice row={row} roles={roles} disabled={disabled} selection={selection} />
            </div>
            <Reasons row={row} />
          </li>
        ))}
      </ul>
      {plan.reference && (
        <div className="ms-row ms-reference">
          <span>{t('panel/reference')}</span>
          <Choice
            label={t('panel/reference')}
            name="synthesis-reference"
            value={plan.reference}
            options={[...plan.sources.keys()].map(optionOf)}
            disabled={disabled}
            onChoose={role => selection.chooseReference(role)}
          />
        </div>
      )}
    </div>
  );
}

/** Why a series is used or not, and the confidence. */
function Reasons({ row: { role, confidence, reasons, refused } }: { row: SourceRow }) {
  if (refused) return <div className="ms-faint">{t('panel/not-used', { reason: refused })}</div>;
  const certainty = role && confidence ? ` (${translate(CONFIDENCE_LABELS[confidence])})` : '';
  return (
    <div className={role && confidence === 'low' ? 'ms-warning' : 'ms-faint'}>
      {translate(list(reasons))}
      {certainty}
    </div>
  );
}

/** An option must have a value that is not empty. */
const UNUSED = 'unused';

function RoleChoice({
  row: { series, role, refused },
  roles,
  disabled,
  selection,
}: { row: SourceRow; roles: readonly RoleId[] } & Pick<SourceListProps, 'disabled' | 'selection'>) {
  return (
    <Choice
      label={t('panel/contrast-of', { series: series.description })}
      value={role ?? UNUSED}
      options={[{ value: UNUSED, label: t('panel/unused') }, ...roles.map(optionOf)]}
      disabled={disabled || refused !== undefined}
      onChoose={value => selection.chooseRole(series.id, value === UNUSED ? null : value)}
    />
  );
}

function optionOf(role: RoleId) {
  return { value: role, label: translate(roleLabel(role)) };
}
