import { t } from './i18n/translate';
import { toolbarCustomizations } from './ohif/toolbarButton';
import type { ExtensionContext } from './ohif/types';

/** Adds toolbar button and hotkey to every mode that uses OHIF's default toolbar and hotkeys. */
export function getCustomizationModule({ servicesManager }: ExtensionContext) {
  return [
    {
      name: 'default',
      value: {
        ...toolbarCustomizations(servicesManager.services),
        'ohif.hotkeyBindings': {
          $push: [
            {
              commandName: 'synthesizeMissingModality',
              label: t('panel/synthesize-missing'),
              keys: ['shift+s'],
              isEditable: true,
            },
            {
              commandName: 'cycleErrorMap',
              label: t('error-map/cycle'),
              keys: ['shift+u'],
              isEditable: true,
            },
            {
              commandName: 'compareSynthesis',
              label: t('compare/hotkey'),
              keys: ['shift+c'],
              isEditable: true,
            },
            {
              commandName: 'blinkSynthesis',
              label: t('blink/hotkey'),
              keys: ['x'],
              isEditable: true,
            },
          ],
        },
      },
    },
  ];
}
