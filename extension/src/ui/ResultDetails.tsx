import { t, translate } from '../i18n/translate';
import type { Result } from '../session/Results';
<<<<<<< HEAD
import { Fold } from './Fold';
=======
import { recordLines } from '../session/recordLines';
>>>>>>> 9787eb5 (feat(extension): a report about a result, to print or to store on Accept)

/** Provenance of a result as in its DICOM files, folded. */
export function ResultDetails({ name, result }: { name: string; result: Result }) {
  const lines = recordLines(result).map(([term, value]) => [translate(term), translate(value)]);
  return (
<<<<<<< HEAD
    <Fold name="synthesis-record" title={t('result/how-made', { result: name })}>
      <dl className="ms-card">
        {recordLines(result).map(([term, value]) => (
=======
    <details className="ms-card" data-cy="synthesis-record">
      <summary>{t('result/how-made', { result: name })}</summary>
      <dl>
        {lines.map(([term, value]) => (
>>>>>>> 9787eb5 (feat(extension): a report about a result, to print or to store on Accept)
          <div key={term}>
            <dt>{term}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </Fold>
  );
}
