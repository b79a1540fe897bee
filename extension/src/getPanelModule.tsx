import { t } from './i18n/translate';
import { ICON } from './icon';
import type { ExtensionContext } from './ohif/types';
import type { SynthesisService } from './session/SynthesisService';
import { SynthesisPanel } from './ui/SynthesisPanel';

/** The right-hand panel; its id is `<extension id>.panelModule.synthesis`. */
export function createPanelModule(service: () => SynthesisService) {
  return ({ commandsManager }: ExtensionContext) => [
    {
      name: 'synthesis',
      iconName: ICON,
      iconLabel: t('panel/title'),
      label: t('panel/title'),
      component: () => (
        <SynthesisPanel
          service={service()}
          runCommand={(name, options) => void commandsManager.runCommand(name, options)}
        />
      ),
    },
  ];
}
