import { CONFIDENCE_LABELS, list, roleLabel, type SourceRow } from '@modality-synthesis/engine';
import { t, translate } from '../i18n/translate';
import type { Selection } from '../session/selection';
import type { Plan } from '../session/ViewerPort';

interface SourceListProps {
  plan: Plan;
  disabled: boolean;
  selection: Selection;
}

/** The series of the study with their contrasts, which a user can change; a refused one with its reason. */
export function SourceList({ plan, disabled, selection }: SourceListProps) {
  return (
    <div>
      <h3>{t('panel/acquired')}</h3>
      <ul>
        {plan.rows.map(row => (
          <li key={row.series.id} data-cy={`synthesis-source-${row.contrast ?? 'none'}`}>
            <div className="ms-row">
              <span>
                {row.series.SeriesNumber}. {translate(row.series.description)}
              </span>
              <ContrastSelect row={row} roles={plan.roles} disabled={disabled} selection={selection} />
            </div>
            <Reasons row={row} />
          </li>
        ))}
      </ul>
      {plan.reference && (
        <label className="ms-row" style={{ marginTop: 8 }}>
          <span>{t('panel/reference')}</span>
          <select
            data-cy="synthesis-reference"
            value={plan.reference}
            disabled={disabled}
            onChange={event => selection.chooseReference(event.target.value)}
          >
            {[...plan.sources.keys()].map(contrast => (
              <option key={contrast} value={contrast}>
                {translate(roleLabel(contrast))}
              </option>
            ))}
          </select>
        </label>
      )}
    </div>
  );
}

/** Why a series is used or not, and the confidence. */
function Reasons({ row: { contrast, confidence, reasons, refused } }: { row: SourceRow }) {
  if (refused) return <div className="ms-faint">{t('panel/not-used', { reason: refused })}</div>;
  const certainty = contrast && confidence ? ` (${translate(CONFIDENCE_LABELS[confidence])})` : '';
  return (
    <div className={contrast && confidence === 'low' ? 'ms-warning' : 'ms-faint'}>
      {translate(list(reasons))}
      {certainty}
    </div>
  );
}

function ContrastSelect({
  row,
  roles,
  disabled,
  selection,
}: { row: SourceRow; roles: Plan['roles'] } & Pick<SourceListProps, 'disabled' | 'selection'>) {
  return (
    <select
      aria-label={t('panel/contrast-of', { series: row.series.description })}
      value={row.contrast ?? ''}
      disabled={disabled || row.refused !== undefined}
      onChange={({ target: { value } }) => selection.chooseContrast(row.series.id, value || null)}
    >
      <option value="">{t('panel/unused')}</option>
      {roles.map(contrast => (
        <option key={contrast} value={contrast}>
          {translate(roleLabel(contrast))}
        </option>
      ))}
    </select>
  );
}
