import type { ModelCard } from '@modality-synthesis/engine';
import { t, translateBundleText } from '../i18n/translate';

/** Intended use and limitations of a model. */
export function ModelCardText({ card }: { card: ModelCard }) {
  return (
    <div className="ms-card">
      <p>{translateBundleText(card.intended_use)}</p>
      <CardList title={t('model-card/not-for')} lines={card.not_for} />
      <CardList title={t('model-card/limitations')} lines={card.limitations} />
    </div>
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
