import { id } from './id';
import type { ExtensionContext } from './ohif/types';
import type { SynthesisService } from './session/SynthesisService';
import type { ViewerPort } from './session/ViewerPort';

interface OneResult {
  SeriesInstanceUID: string;
}

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
      showSynthesis: ({ SeriesInstanceUID }: OneResult) => viewer().show(SeriesInstanceUID),
      compareSynthesis: (uids: OneResult & { referenceSeriesInstanceUID: string }) =>
        viewer().compare(uids.referenceSeriesInstanceUID, uids.SeriesInstanceUID),
      acceptSynthesis: ({ SeriesInstanceUID }: OneResult) => service().results.accept(SeriesInstanceUID),
      rejectSynthesis: ({ SeriesInstanceUID }: OneResult) => service().results.reject(SeriesInstanceUID),
      downloadSynthesis: ({ SeriesInstanceUID }: OneResult) => service().results.download(SeriesInstanceUID),
    };
    const definitions = Object.fromEntries(
      Object.entries(actions).map(([name, commandFn]) => [name, { commandFn }]),
    );
    return { actions, definitions, defaultContext: 'DEFAULT' };
  };
}
