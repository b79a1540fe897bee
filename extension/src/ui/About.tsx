import { t } from '../i18n/translate';
import type { SessionState } from '../session/SynthesisService';
import { Fold } from './Fold';
import { ModelCardText } from './ModelCardText';

/** What the tool does, and the intended use and limitations of the model that the next job uses; folded. */
export function About({ model }: Pick<SessionState, 'model'>) {
  return (
    <Fold
      name="synthesis-about"
      title={model ? t('model-card/title', { model: model.name }) : t('panel/about')}
    >
      <p>{t('panel/intro')}</p>
      {model && <ModelCardText card={model.card} />}
    </Fold>
  );
}
