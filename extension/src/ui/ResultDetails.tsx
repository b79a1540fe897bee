import { CONTRAST_LABELS, type Derivation, decimal } from '@modality-synthesis/engine';
import { t } from '../i18n/translate';

/** How a result was made, as its files say; folded until somebody opens it. */
export function ResultDetails({ name, derivation }: { name: string; derivation: Derivation }) {
  return (
    <details className="ms-card" data-cy="synthesis-record">
      <summary>{t('result/how-made', { result: name })}</summary>
      <dl>
        {recordLines(derivation).map(([term, value]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

function recordLines(made: Derivation): [term: string, value: string][] {
  const { sources, bundle, brain, reference, samples, steps, seed, guidance } = made;
  return [
    ...sources.map(({ contrast, images, SeriesInstanceUID }): [string, string] => [
      contrast === reference
        ? t('result/reference-source', { source: CONTRAST_LABELS[contrast] })
        : t('result/source', { source: CONTRAST_LABELS[contrast] }),
      t('result/source-series', { count: images, series: SeriesInstanceUID }),
    ]),
    ...(made.registration ?? []).map(({ contrast, millimetres, degrees, transform }): [string, string] => [
      t('result/alignment', { source: CONTRAST_LABELS[contrast] }),
      transform
        ? t('result/corrected', { millimetres: decimal(millimetres, 1), degrees: decimal(degrees, 1) })
        : t('result/uncorrected', { millimetres: decimal(millimetres, 1), degrees: decimal(degrees, 1) }),
    ]),
    [t('result/model'), `${bundle.id} ${bundle.version}, SHA-256 ${bundle.sha256}`],
    [t('result/brain-model'), `${brain.id} ${brain.version}, SHA-256 ${brain.sha256}`],
    [
      t('result/sampling'),
      `${t('result/sampling-value', { samples, steps, seed })}${guidance === 'diffusion' ? '' : `, ${guidance}`}`,
    ],
    [t('result/computed-by'), `${made.runtime}, ${made.provider}, ${made.precision}`],
    [t('result/software'), made.softwareVersion],
  ];
}
