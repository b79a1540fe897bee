import { t } from '../i18n/translate';
import { ICON } from '../icon';
import type { Services } from './types';

const BUTTON = 'synthesize-button';

const button = () => ({
  id: BUTTON,
  uiType: 'ohif.toolButton',
  props: {
    icon: ICON,
    label: t('panel/synthesize-missing'),
    tooltip: t('panel/synthesize-missing-help'),
    commands: 'synthesizeMissingModality',
    evaluate: 'evaluate.action',
  },
});

/** Whether OHIF's toolbar is a customization (3.13), or only a mode's own (3.12). */
const isCustomization = ({ customizationService }: Services) =>
  typeof customizationService.applyModeCustomizations === 'function';

/** Customizations that add the button to modes with the default toolbar; none where it is none. */
export function toolbarCustomizations(services: Services): Record<string, object> {
  if (!isCustomization(services)) return {};
  return {
    'cornerstone.toolbarButtons': { $push: [button()] },
    'cornerstone.toolbarSections': { primary: { $push: [BUTTON] } },
  };
}

/** Where the toolbar is a mode's own: puts the button before the tools, which the mode then adds. */
export function addToolbarButton(services: Services): void {
  if (isCustomization(services)) return;
  services.toolbarService.register([button()]);
  services.toolbarService.updateSection('primary', [BUTTON]);
}
