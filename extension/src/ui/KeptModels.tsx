import { megabytes } from '@modality-synthesis/engine';
import type { KeptModel } from '@modality-synthesis/engine/web';
import { Button } from '@ohif/ui-next';
import { useState } from 'react';
import { day, t } from '../i18n/translate';
import { Fold } from './Fold';
import type { PanelService } from './types';

interface KeptModelsProps {
  models: readonly KeptModel[];
  /** A job may be reading them. */
  disabled: boolean;
  service: Pick<PanelService, 'removeModel'>;
}

/** The models that this browser keeps, with size and date; each can be removed. Folded. */
export function KeptModels({ models, disabled, service }: KeptModelsProps) {
  return (
    <Fold name="synthesis-kept-models" title={t('kept-models/title')}>
      {models.length === 0 && <p role="status">{t('kept-models/none')}</p>}
      <ul>
        {models.map(model => (
          <Kept
            key={model.address}
            model={model}
            disabled={disabled}
            onRemove={() => void service.removeModel(model.address)}
          />
        ))}
      </ul>
    </Fold>
  );
}

interface KeptProps {
  model: KeptModel;
  disabled: boolean;
  onRemove: () => void;
}

/** The button asks first; pressed again, it takes the question back. */
function Kept({ model: { name, bytes, stored }, disabled, onRemove }: KeptProps) {
  const [asking, ask] = useState(false);
  const size = megabytes(bytes);
  const question = t('kept-models/ask', { model: name, size });
  return (
    <li data-cy="synthesis-kept-model">
      <div className="ms-row">
        <span>
          {name}
          <br />
          <span className="ms-faint">{t('kept-models/kept', { size, date: day(stored) })}</span>
        </span>
        <Button
          type="button"
          variant="secondary"
          aria-label={t('kept-models/remove-named', { model: name })}
          aria-expanded={asking}
          disabled={disabled}
          onClick={() => ask(!asking)}
        >
          {t('kept-models/remove')}
        </Button>
      </div>
      {asking && (
        <fieldset className="ms-targets" aria-label={question}>
          <p role="alert">{question}</p>
          <div className="ms-buttons">
            <Button type="button" variant="secondary" disabled={disabled} onClick={onRemove}>
              {t('kept-models/confirm')}
            </Button>
            <Button type="button" variant="secondary" onClick={() => ask(false)}>
              {t('kept-models/cancel')}
            </Button>
          </div>
        </fieldset>
      )}
    </li>
  );
}
