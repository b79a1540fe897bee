import { CONTRAST_LABELS, type Derivation } from '@modality-synthesis/engine';

/** How a result was made, as its files say; folded until somebody opens it. */
export function ResultDetails({ name, derivation }: { name: string; derivation: Derivation }) {
  return (
    <details className="ms-card" data-cy="synthesis-record">
      {/* The viewer's own hotkeys take Enter and Space from the document, and with them the summary's toggle. */}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: a summary is interactive by itself. */}
      <summary onKeyDown={event => event.stopPropagation()}>How {name} was made</summary>
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
      `Source ${CONTRAST_LABELS[contrast]}${contrast === reference ? ', whose slices it has' : ''}`,
      `${images} images, series ${SeriesInstanceUID}`,
    ]),
    ...(made.registration ?? []).map(({ contrast, millimetres, degrees, transform }): [string, string] => [
      `Alignment of ${CONTRAST_LABELS[contrast]}`,
      `${millimetres.toFixed(1)} mm and ${degrees.toFixed(1)}° found, ${transform ? 'corrected' : 'left as it was'}`,
    ]),
    ['Model', `${bundle.id} ${bundle.version}, SHA-256 ${bundle.sha256}`],
    ['Brain found by', `${brain.id} ${brain.version}, SHA-256 ${brain.sha256}`],
    [
      'Sampling',
      `${samples} of ${steps} steps, seed ${seed}${guidance === 'diffusion' ? '' : `, ${guidance}`}`,
    ],
    ['Computed by', `${made.runtime}, ${made.provider}, ${made.precision}`],
    ['Software', made.softwareVersion],
  ];
}
