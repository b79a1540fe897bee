import { t } from '../i18n/translate';
import type { SessionState } from '../session/SessionState';
import type { Selection } from '../session/selection';

interface SomeSlicesProps {
  choice: NonNullable<SessionState['someSlices']>;
  disabled: boolean;
  selection: Pick<Selection, 'chooseSome'>;
}

/** Whether only the slices around the one on screen are made, of a job that takes long. */
export function SomeSlices({ choice: { count, chosen }, disabled, selection }: SomeSlicesProps) {
  return (
    <label>
      <input
        type="checkbox"
        data-cy="synthesis-some-slices"
        checked={chosen}
        disabled={disabled}
        onChange={event => selection.chooseSome(event.target.checked)}
      />{' '}
      {t('panel/some-slices', { count })}
    </label>
  );
}
