import { CONTRAST_LABELS, type Derivation } from '@modality-synthesis/engine';
import { t, tell } from '../i18n/translate';

/** How a result was made, as its files say; folded until somebody opens it. */
export function ResultDetails({ name, derivation }: { name: string; derivation: Derivation }) {
  return (
    <details className="ms-card" data-cy="synthesis-record">
      <summary>{t('How {{name}} was made', { name })}</summary>
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
      t(contrast === reference ? 'Source {{contrast}}, whose slices it has' : 'Source {{contrast}}', {
        contrast: tell(CONTRAST_LABELS[contrast]),
      }),
      t('{{images}} images, series {{series}}', { images, series: SeriesInstanceUID }),
    ]),
    ...(made.registration ?? []).map(({ contrast, millimetres, degrees, transform }): [string, string] => [
      t('Alignment of {{contrast}}', { contrast: tell(CONTRAST_LABELS[contrast]) }),
      t(
        transform
          ? '{{millimetres}} mm and {{degrees}}° found, corrected'
          : '{{millimetres}} mm and {{degrees}}° found, left as it was',
        { millimetres: millimetres.toFixed(1), degrees: degrees.toFixed(1) },
      ),
    ]),
    [t('Model'), `${bundle.id} ${bundle.version}, SHA-256 ${bundle.sha256}`],
    [t('Brain found by'), `${brain.id} ${brain.version}, SHA-256 ${brain.sha256}`],
    [
      t('Sampling'),
      `${t('{{samples}} of {{steps}} steps, seed {{seed}}', { samples, steps, seed })}${guidance === 'diffusion' ? '' : `, ${guidance}`}`,
    ],
    [t('Computed by'), `${made.runtime}, ${made.provider}, ${made.precision}`],
    [t('Software'), made.softwareVersion],
  ];
}
