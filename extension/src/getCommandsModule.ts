import { id } from './id';
import type { ExtensionContext } from './ohif/types';
import type { SynthesisService } from './session/SynthesisService';
import type { ViewerPort } from './session/ViewerPort';

/** The one way in: button, hotkey and panel run these. */
export function createCommandsModule(service: () => SynthesisService, viewer: () => ViewerPort) {
  return ({ servicesManager }: ExtensionContext) => {
    const actions = {
      /** Opens the panel and starts the proposed job; shows the running one when there is one. */
      synthesizeMissingModality: () => {
        servicesManager.services.panelService.activatePanel(`${id}.panelModule.synthesis`, true);
        return service().start();
      },
      startSynthesis: () => service().start(),
      cancelSynthesis: () => service().cancel(),
      showSynthesis: ({ displaySetInstanceUID }: { displaySetInstanceUID: string }) =>
        viewer().show(displaySetInstanceUID),
      compareSynthesis: (uids: { displaySetInstanceUID: string; referenceDisplaySetInstanceUID: string }) =>
        viewer().compare(uids.referenceDisplaySetInstanceUID, uids.displaySetInstanceUID),
    };
    const definitions = Object.fromEntries(
      Object.entries(actions).map(([name, commandFn]) => [name, { commandFn }]),
    );
    return { actions, definitions, defaultContext: 'DEFAULT' };
  };
}
