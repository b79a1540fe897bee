import { Button } from '@ohif/ui-next';
import { t } from '../i18n/translate';
import type { ErrorMapViews } from '../session/ErrorMapViews';
import type { Result } from '../session/Results';
import { ErrorMapControl } from './ErrorMapControl';
import type { RunCommand } from './types';

export interface ResultToolsProps {
  result: Result;
  /** Name of the result, for the labels of the controls. */
  name: string;
  errorMaps: ErrorMapViews;
  /** Whether it is shown beside its sources. */
  compared: boolean;
  runCommand: RunCommand;
}

/** What a reader does with a result before deciding on it; each tool is a component of its own. */
export function ResultTools(props: ResultToolsProps) {
  return (
    <>
      <ShowAndCompare {...props} />
      <ErrorMapControl
        SeriesInstanceUID={props.result.SeriesInstanceUID}
        name={props.name}
        views={props.errorMaps}
      />
    </>
  );
}

function ShowAndCompare({ result, name, compared, runCommand }: ResultToolsProps) {
  const { SeriesInstanceUID } = result;
  return (
    <div className="ms-buttons">
      <Button
        type="button"
        variant="secondary"
        aria-label={t('result/show-named', { result: name })}
        onClick={() => runCommand('showSynthesis', { SeriesInstanceUID })}
      >
        {t('result/show')}
      </Button>
      <Button
        type="button"
        variant="secondary"
        data-cy="synthesis-compare"
        aria-label={t('result/compare-named', { result: name })}
        aria-pressed={compared}
        title={t('result/compare-help')}
        onClick={() => runCommand('compareSynthesis', { SeriesInstanceUID })}
      >
        {t('result/compare')}
      </Button>
    </div>
  );
}
