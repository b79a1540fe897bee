import { decimal, roleLabel } from '@modality-synthesis/engine';
import { t, translate } from '../i18n/translate';
import type { Result } from '../session/Results';

/** Provenance of a result as in its DICOM files, folded. */
export function ResultDetails({ name, result }: { name: string; result: Result }) {
  return (
    <details className="ms-card" data-cy="synthesis-record">
      <summary>{t('result/how-made', { result: name })}</summary>
      <dl>
        {recordLines(result).map(([term, value]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

function recordLines({ derivation, details }: Result): [term: string, value: string][] {
  const { sources, bundle, brain, reference } = derivation;
  return [
    ...sources.map(({ contrast, images, SeriesInstanceUID }): [string, string] => [
      contrast === reference
        ? t('result/reference-source', { source: roleLabel(contrast) })
        : t('result/source', { source: roleLabel(contrast) }),
      t('result/source-series', { count: images, series: SeriesInstanceUID }),
    ]),
    ...(derivation.registration ?? []).map(
      ({ contrast, millimetres, degrees, transform }): [string, string] => [
        t('result/alignment', { source: roleLabel(contrast) }),
        transform
          ? t('result/corrected', { millimetres: decimal(millimetres, 1), degrees: decimal(degrees, 1) })
          : t('result/uncorrected', { millimetres: decimal(millimetres, 1), degrees: decimal(degrees, 1) }),
      ],
    ),
    [t('result/model'), `${bundle.id} ${bundle.version}, SHA-256 ${bundle.sha256}`],
    [t('result/brain-model'), `${brain.id} ${brain.version}, SHA-256 ${brain.sha256}`],
    ...details.map(([term, value]): [string, string] => [translate(term), translate(value)]),
    [t('result/computed-by'), `${derivation.runtime}, ${derivation.provider}, ${derivation.precision}`],
    [t('result/software'), derivation.softwareVersion],
  ];
}
