import type { RoleId } from '@modality-synthesis/engine';
import { message } from './i18n/message';
import { id } from './id';
import type { Blink } from './ohif/blink/Blink';
import type { Comparison } from './ohif/comparison/Comparison';
import { activeSynthetic } from './ohif/series/activeSynthetic';
import type { ExtensionContext } from './ohif/types';
import type { SynthesisService } from './session/SynthesisService';
import type { ViewerPort } from './session/ViewerPort';

interface ResultId {
  SeriesInstanceUID: string;
}

/** The commands that toolbar button, hotkey and panel run. */
export function createCommandsModule(
  service: () => SynthesisService,
  viewer: () => ViewerPort,
  comparison: () => Comparison,
  blink: () => Blink,
) {
  return ({ servicesManager }: ExtensionContext) => {
    const actions = {
      /** Opens the panel and starts the proposed job, unless one runs. */
      synthesizeMissingModality: () => {
        servicesManager.services.panelService.activatePanel(`${id}.panelModule.synthesis`, true);
        return service().start();
      },
      startSynthesis: () => service().start(),
      cancelSynthesis: () => service().cancel(),
      showSynthesis: ({ SeriesInstanceUID }: ResultId) => viewer().show(SeriesInstanceUID),
      /** Shows a synthetic series beside its sources, or what was there before. */
      compareSynthesis: ({ SeriesInstanceUID }: Partial<ResultId> = {}) => {
        const reason = comparison().toggle(SeriesInstanceUID);
        if (reason) viewer().notify('warning', reason);
      },
      /** Shows the acquired reference as long as the key is held. */
      blinkSynthesis: ({ evt }: { evt?: KeyboardEvent } = {}) => blink().press(evt),
      checkSynthesis: ({ SeriesInstanceUID }: ResultId) => service().checks.run(SeriesInstanceUID),
      cancelCheck: () => service().checks.cancel(),
      showCheck: ({ SeriesInstanceUID, role }: ResultId & { role: RoleId }) =>
        service().checks.show(SeriesInstanceUID, role),
      closeCheck: ({ SeriesInstanceUID }: ResultId) => service().checks.close(SeriesInstanceUID),
      acceptSynthesis: ({ SeriesInstanceUID }: ResultId) => service().results.accept(SeriesInstanceUID),
      rejectSynthesis: ({ SeriesInstanceUID }: ResultId) => service().results.reject(SeriesInstanceUID),
      printSynthesis: ({ SeriesInstanceUID }: ResultId) => service().results.print(SeriesInstanceUID),
      /** Shows the expected error of the synthetic series in the active viewport in the next way. */
      cycleErrorMap: async () => {
        const series = activeSynthetic(servicesManager.services);
        if (!series) return viewer().notify('warning', message('error-map/no-synthetic'));
        const views = service().errorMapViews;
        await views.cycle(series);
        const { failure } = views.of(series);
        if (failure) viewer().notify('error', failure);
      },
      downloadSynthesis: ({ SeriesInstanceUID }: ResultId) => service().results.download(SeriesInstanceUID),
    };
    const definitions = Object.fromEntries(
      Object.entries(actions).map(([name, commandFn]) => [name, { commandFn }]),
    );
    return { actions, definitions, defaultContext: 'DEFAULT' };
  };
}
