import { t, translateBundleText } from '../i18n/translate';
import type { OfferedModel } from '../session/ModelInUse';
import { Choice } from './Choice';
import type { PanelService } from './types';

interface ModelChoiceProps {
  models: readonly OfferedModel[];
  /** Address of the one that is used. */
  chosen: string;
  disabled: boolean;
  service: Pick<PanelService, 'chooseModel'>;
}

/** Which of the site's models makes the series, and what it is for. */
export function ModelChoice({ models, chosen, disabled, service }: ModelChoiceProps) {
  const use = models.find(({ address }) => address === chosen)?.card?.intended_use;
  return (
    <div className="ms-model">
      <Choice
        label={t('panel/model')}
        name="synthesis-model"
        value={chosen}
        options={models.map(({ address, card }) => ({ value: address, label: card?.name ?? address }))}
        disabled={disabled}
        onChoose={address => service.chooseModel(address)}
      />
      {use && <span className="ms-faint">{firstSentence(translateBundleText(use))}</span>}
    </div>
  );
}

/** What it is for, without what it is not for. */
function firstSentence(text: string): string {
  return text.split(/(?<=\.)\s/)[0];
}
