import { CONFIDENCE_LABELS, list, type RoleId, roleLabel, type SourceRow } from '@modality-synthesis/engine';
import { t, translate } from '../i18n/translate';
import type { Selection } from '../session/selection';
import type { Plan } from '../session/ViewerPort';

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
              <RoleSelect row={row} roles={roles} disabled={disabled} selection={selection} />
            </div>
            <Reasons row={row} />
          </li>
        ))}
      </ul>
      {plan.reference && (
        <label className="ms-row ms-reference">
          <span>{t('panel/reference')}</span>
          <select
            data-cy="synthesis-reference"
            value={plan.reference}
            disabled={disabled}
            onChange={event => selection.chooseReference(event.target.value)}
          >
            {[...plan.sources.keys()].map(role => (
              <option key={role} value={role}>
                {translate(roleLabel(role))}
              </option>
            ))}
          </select>
        </label>
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

function RoleSelect({
  row,
  roles,
  disabled,
  selection,
}: { row: SourceRow; roles: readonly RoleId[] } & Pick<SourceListProps, 'disabled' | 'selection'>) {
  return (
    <select
      aria-label={t('panel/contrast-of', { series: row.series.description })}
      value={row.role ?? ''}
      disabled={disabled || row.refused !== undefined}
      onChange={({ target: { value } }) => selection.chooseRole(row.series.id, value || null)}
    >
      <option value="">{t('panel/unused')}</option>
      {roles.map(role => (
        <option key={role} value={role}>
          {translate(roleLabel(role))}
        </option>
      ))}
    </select>
  );
}
