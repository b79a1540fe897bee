import { t, translate } from '../i18n/translate';
import type { Result } from '../session/Results';
import { recordLines } from '../session/recordLines';
import { Fold } from './Fold';

/** Provenance of a result as in its DICOM files, folded. */
export function ResultDetails({ name, result }: { name: string; result: Result }) {
  const lines = recordLines(result).map(([term, value]) => [translate(term), translate(value)]);
  return (
    <Fold name="synthesis-record" title={t('result/how-made', { result: name })}>
      <dl className="ms-card">
        {lines.map(([term, value]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </Fold>
  );
}
