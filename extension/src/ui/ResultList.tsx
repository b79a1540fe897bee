import { alignmentMessage, disclaimers, roleLabel } from '@modality-synthesis/engine';
import { t, translate, translateWithBundle } from '../i18n/translate';
import type { ErrorMapViews } from '../session/ErrorMapViews';
import type { Result } from '../session/Results';
import type { ResultCheck } from '../session/SelfChecks';
import { Fold } from './Fold';
import { ModelCardText } from './ModelCardText';
import { ResultDetails } from './ResultDetails';
import { ResultStorage } from './ResultStorage';
import { ResultTools } from './ResultTools';
import { SelfCheck } from './SelfCheck';
import type { RunCommand } from './types';

interface ResultListProps {
  results: readonly Result[];
  /** By SeriesInstanceUID. */
  checks: ReadonlyMap<string, ResultCheck>;
  /** Whether a job runs. */
  running: boolean;
  errorMaps: ErrorMapViews;
  /** SeriesInstanceUID of the one that is shown beside its sources. */
  compared: string | undefined;
  runCommand: RunCommand;
}

/** The synthetic series of the study, each with its warnings. */
export function ResultList(props: ResultListProps) {
  const { results, checks, errorMaps, compared, running, runCommand } = props;
  if (results.length === 0) return null;
  const checking = [...checks.values()].some(({ state }) => state.status === 'running');
  return (
    <div>
      <h3>{t('result/list')}</h3>
      <ul>
        {results.map(result => {
          const name = t('result/name', { target: roleLabel(result.target) });
          const { SeriesInstanceUID, derivation } = result;
          const check = checks.get(SeriesInstanceUID);
          const model = `${derivation.bundle.name} ${derivation.bundle.version}`;
          return (
            <li key={SeriesInstanceUID} className="ms-result" data-cy={`synthesis-result-${result.target}`}>
              <strong>{name}</strong>
              {disclaimers(derivation)
                .map(translateWithBundle)
                .map(warning => (
                  <span key={warning} className="ms-warning">
                    {warning}
                  </span>
                ))}
              <span className="ms-faint">{model}</span>
              {derivation.registration?.map(record => (
                <span key={record.role} className="ms-faint" data-cy="synthesis-alignment">
                  {translate(alignmentMessage(record, derivation.reference))}.
                </span>
              ))}
              <ResultTools
                result={result}
                name={name}
                errorMaps={errorMaps}
                compared={compared === SeriesInstanceUID}
                runCommand={runCommand}
              />
              {check && (
                <SelfCheck
                  check={check}
                  SeriesInstanceUID={SeriesInstanceUID}
                  name={name}
                  disabled={running || checking}
                  runCommand={runCommand}
                />
              )}
              <ResultStorage
                result={result}
                name={name}
                lacksCheck={check?.missing === true}
                runCommand={runCommand}
              />
              <ResultDetails name={name} result={result} />
              <Fold name="synthesis-model-card" title={t('model-card/title', { model })}>
                <ModelCardText card={result.card} />
              </Fold>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
