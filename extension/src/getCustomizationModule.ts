import { t } from './i18n/translate';
import { ICON } from './icon';

const BUTTON = 'synthesize-button';

/** Adds toolbar button and hotkey to every mode that uses OHIF's default toolbar and hotkeys. */
export function getCustomizationModule() {
  return [
    {
      name: 'default',
      value: {
        'cornerstone.toolbarButtons': {
          $push: [
            {
              id: BUTTON,
              uiType: 'ohif.toolButton',
              props: {
                icon: ICON,
                label: t('panel/synthesize-missing'),
                tooltip: t('panel/synthesize-missing-help'),
                commands: 'synthesizeMissingModality',
                evaluate: 'evaluate.action',
              },
            },
          ],
        },
        'cornerstone.toolbarSections': { primary: { $push: [BUTTON] } },
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
