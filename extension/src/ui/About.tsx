import { t, translate } from '../i18n/translate';
import { placeMessage } from '../session/placeMessage';
import type { SessionState } from '../session/SessionState';
import { Fold } from './Fold';
import { ModelCardText } from './ModelCardText';

/** What the tool does, and the intended use and limitations of the model that the next job uses; folded. */
export function About({ model, server }: Pick<SessionState, 'model' | 'server'>) {
  return (
    <Fold
      name="synthesis-about"
      title={model ? t('model-card/title', { model: model.name }) : t('panel/about')}
    >
      <p>{t('panel/intro')}</p>
      <p>{translate(placeMessage(server))}</p>
      {model && <ModelCardText card={model.card} />}
    </Fold>
  );
}
