import {
  duration,
  figureRows,
  roleLabel,
  type SelfCheck as SelfCheckOutcome,
} from '@modality-synthesis/engine';
import { Button } from '@ohif/ui-next';
import { t, translate } from '../i18n/translate';
import type { ResultCheck } from '../session/SelfChecks';
import { JobProgress } from './JobProgress';
import type { RunCommand } from './types';

interface SelfCheckProps {
  check: ResultCheck;
  SeriesInstanceUID: string;
  /** Name of the result, for labels. */
  name: string;
  /** Whether a job or another check runs. */
  disabled: boolean;
  runCommand: RunCommand;
}

/** "Check on this patient": its button with the time that it takes, its progress, its table. */
export function SelfCheck({ check, SeriesInstanceUID, name, disabled, runCommand }: SelfCheckProps) {
  const { state, impossible, seconds, foresight } = check;
  const time = seconds === undefined ? '' : ` (${t('self-check/takes', { duration: duration(seconds) })})`;
  const run = (label: string) => (
    <Button
      type="button"
      variant="secondary"
      dataCY="synthesis-check-run"
      aria-label={`${label}, ${name}${time}`}
      disabled={disabled}
      onClick={() => runCommand('checkSynthesis', { SeriesInstanceUID })}
    >
      {label}
      {time}
    </Button>
  );
  return (
    <section className="ms-self-check" data-cy="synthesis-self-check" aria-label={t('self-check/run')}>
      {impossible && <span className="ms-faint">{translate(impossible)}</span>}
      {!impossible && state.status === 'running' && (
        <>
          <JobProgress
            label={t('self-check/progress')}
            dataCY="synthesis-check-progress"
            progress={state.progress}
            startedAt={state.startedAt}
          />
          <div className="ms-buttons">
            <Button
              type="button"
              variant="secondary"
              dataCY="synthesis-check-cancel"
              onClick={() => runCommand('cancelCheck')}
            >
              {t('self-check/cancel')}
            </Button>
          </div>
        </>
      )}
      {!impossible && (state.status === 'none' || 'text' in state) && (
        <>
          <span className="ms-faint">{t('self-check/what')}</span>
          <div className="ms-buttons">{run(t('self-check/run'))}</div>
        </>
      )}
      {'text' in state && (
        <p
          className="ms-message"
          data-cy="synthesis-check-message"
          data-kind={state.status}
          role={state.status === 'failed' ? 'alert' : 'status'}
        >
          {translate(state.text)}
        </p>
      )}
      {state.status === 'done' && (
        <>
          <CheckTable
            record={state.check.record}
            name={name}
            onShow={role => runCommand('showCheck', { SeriesInstanceUID, role })}
          />
          {foresight.map(translate).map(sentence => (
            <p key={sentence} className="ms-faint" data-cy="synthesis-check-says">
              {sentence}
            </p>
          ))}
          <div className="ms-buttons">
            {run(t('self-check/again'))}
            <Button
              type="button"
              variant="secondary"
              dataCY="synthesis-check-close"
              aria-label={t('self-check/close-named', { result: name })}
              onClick={() => runCommand('closeCheck', { SeriesInstanceUID })}
            >
              {t('self-check/close')}
            </Button>
          </div>
        </>
      )}
    </section>
  );
}

/** A row for each figure of each source, with its rank in words. */
function CheckTable({
  record,
  name,
  onShow,
}: {
  record: SelfCheckOutcome['record'];
  name: string;
  onShow: (role: string) => void;
}) {
  return (
    <table data-cy="synthesis-check-table">
      <caption className="ms-faint">{t('self-check/caption', { result: name })}</caption>
      <thead>
        <tr>
          <th scope="col">{t('self-check/figure')}</th>
          <th scope="col">{t('self-check/this-patient')}</th>
          <th scope="col">{t('self-check/among-patients')}</th>
        </tr>
      </thead>
      {record.map(source => {
        const role = translate(roleLabel(source.role));
        const sources = source.sources.map(other => translate(roleLabel(other))).join(', ');
        return (
          <tbody key={source.role} data-cy={`synthesis-check-${source.role}`}>
            <tr>
              <th scope="rowgroup" colSpan={2}>
                {t('self-check/from', { role, sources })}
              </th>
              <td>
                <Button
                  type="button"
                  variant="secondary"
                  size="sm"
                  aria-label={t('self-check/show-named', { role })}
                  onClick={() => onShow(source.role)}
                >
                  {t('result/show')}
                </Button>
              </td>
            </tr>
            {figureRows(source).map(({ figure, value, rank }) => (
              <tr key={translate(figure)}>
                <th scope="row">{translate(figure)}</th>
                <td>{translate(value)}</td>
                <td>{translate(rank)}</td>
              </tr>
            ))}
          </tbody>
        );
      })}
    </table>
  );
}
