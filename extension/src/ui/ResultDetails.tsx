import { CONTRAST_LABELS, type Derivation, fixed } from '@modality-synthesis/engine';
import { t } from '../i18n/translate';

/** How a result was made, as its files say; folded until somebody opens it. */
export function ResultDetails({ name, derivation }: { name: string; derivation: Derivation }) {
  return (
    <details className="ms-card" data-cy="synthesis-record">
      <summary>{t`How ${name} was made`}</summary>
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
        ? t`Source ${CONTRAST_LABELS[contrast]}, whose slices it has`
        : t`Source ${CONTRAST_LABELS[contrast]}`,
      t`${images} images, series ${SeriesInstanceUID}`,
    ]),
    ...(made.registration ?? []).map(({ contrast, millimetres, degrees, transform }): [string, string] => [
      t`Alignment of ${CONTRAST_LABELS[contrast]}`,
      transform
        ? t`${fixed(millimetres, 1)} mm and ${fixed(degrees, 1)}° found, corrected`
        : t`${fixed(millimetres, 1)} mm and ${fixed(degrees, 1)}° found, left as it was`,
    ]),
    [t`Model`, `${bundle.id} ${bundle.version}, SHA-256 ${bundle.sha256}`],
    [t`Brain found by`, `${brain.id} ${brain.version}, SHA-256 ${brain.sha256}`],
    [
      t`Sampling`,
      `${t`${samples} of ${steps} steps, seed ${seed}`}${guidance === 'diffusion' ? '' : `, ${guidance}`}`,
    ],
    [t`Computed by`, `${made.runtime}, ${made.provider}, ${made.precision}`],
    [t`Software`, made.softwareVersion],
  ];
}
