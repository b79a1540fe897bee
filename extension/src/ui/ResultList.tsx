import { alignmentMessage, disclaimers, roleLabel } from '@modality-synthesis/engine';
import { t, translate, translateWithBundle } from '../i18n/translate';
import type { Result } from '../session/Results';
import { Fold } from './Fold';
import { ModelCardText } from './ModelCardText';
import { ResultDetails } from './ResultDetails';
import { ResultStorage } from './ResultStorage';
import { ResultTools } from './ResultTools';
import type { RunCommand } from './types';

/** The synthetic series of the study, each with its warnings. */
export function ResultList({ results, runCommand }: { results: readonly Result[]; runCommand: RunCommand }) {
  if (results.length === 0) return null;
  return (
    <div>
      <h3>{t('result/list')}</h3>
      <ul>
        {results.map(result => {
          const name = t('result/name', { target: roleLabel(result.target) });
          const { SeriesInstanceUID, derivation } = result;
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
              <ResultTools result={result} name={name} runCommand={runCommand} />
              <ResultStorage result={result} name={name} runCommand={runCommand} />
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
