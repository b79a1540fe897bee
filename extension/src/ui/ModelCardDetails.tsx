import type { ModelCard } from '@modality-synthesis/engine';
import { t, translateBundleText } from '../i18n/translate';

/** Intended use and limitations of the model, folded. */
export function ModelCardDetails({ model, card }: { model: string; card: ModelCard }) {
  return (
    <details className="ms-card" data-cy="synthesis-model-card">
      <summary>{t('model-card/title', { model })}</summary>
      <p>{translateBundleText(card.intended_use)}</p>
      <CardList title={t('model-card/not-for')} lines={card.not_for} />
      <CardList title={t('model-card/limitations')} lines={card.limitations} />
    </details>
  );
}

function CardList({ title, lines }: { title: string; lines: readonly string[] }) {
  if (lines.length === 0) return null;
  return (
    <>
      <h4>{title}</h4>
      <ul>
        {lines.map(line => (
          <li key={line}>{translateBundleText(line)}</li>
        ))}
      </ul>
    </>
  );
}
