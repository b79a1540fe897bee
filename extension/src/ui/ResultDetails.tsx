import { decimal, domainOf, roleLabel } from '@modality-synthesis/engine';
import { t, translate } from '../i18n/translate';
import type { Result } from '../session/Results';
import { Fold } from './Fold';

/** Provenance of a result as in its DICOM files, folded. */
export function ResultDetails({ name, result }: { name: string; result: Result }) {
  return (
    <Fold name="synthesis-record" title={t('result/how-made', { result: name })}>
      <dl className="ms-card">
        {recordLines(result).map(([term, value]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </Fold>
  );
}

function recordLines({ derivation, details }: Result): [term: string, value: string][] {
  const { sources, bundle, region, reference } = derivation;
  return [
    ...sources.map(({ role, images, SeriesInstanceUID }): [string, string] => [
      role === reference
        ? t('result/reference-source', { source: roleLabel(role) })
        : t('result/source', { source: roleLabel(role) }),
      t('result/source-series', { count: images, series: SeriesInstanceUID }),
    ]),
    ...(derivation.registration ?? []).map(({ role, millimetres, degrees, transform }): [string, string] => [
      t('result/alignment', { source: roleLabel(role) }),
      transform
        ? t('result/corrected', { millimetres: decimal(millimetres, 1), degrees: decimal(degrees, 1) })
        : t('result/uncorrected', { millimetres: decimal(millimetres, 1), degrees: decimal(degrees, 1) }),
    ]),
    [t('result/model'), `${bundle.id} ${bundle.version}, SHA-256 ${bundle.sha256}`],
    [
      t('result/region-model', { region: domainOf(derivation.domain).words.region }),
      `${region.id} ${region.version}, SHA-256 ${region.sha256}`,
    ],
    ...details.map(([term, value]): [string, string] => [translate(term), translate(value)]),
    [t('result/computed-by'), `${derivation.runtime}, ${derivation.provider}, ${derivation.precision}`],
    [t('result/software'), derivation.softwareVersion],
  ];
}
