import type { SynthesisError } from '@modality-synthesis/engine';
import { SynthesisClient } from '@modality-synthesis/engine/web';
import workerSource from '@modality-synthesis/engine/web/worker?inline';
import { createCommandsModule } from './getCommandsModule';
import { getCustomizationModule } from './getCustomizationModule';
import { createPanelModule } from './getPanelModule';
import { addTranslations } from './i18n/translate';
import { registerIcon } from './icon';
import { id } from './id';
import { askBeforeClosing } from './ohif/askBeforeClosing';
import { guardReports } from './ohif/guardReports';
import { labelDrawings } from './ohif/labelDrawings';
import { startMarking } from './ohif/mark';
import { markThumbnail } from './ohif/markThumbnails';
import { createOhifViewer } from './ohif/OhifViewer';
import { openStudies } from './ohif/openStudies';
import type { DisplaySet, ExtensionContext, Subscription } from './ohif/types';
import { type Configuration, parseConfiguration } from './session/configuration';
import { SynthesisService } from './session/SynthesisService';
import type { Assets, ViewerPort } from './session/ViewerPort';

let configuration: () => Configuration;
let viewer: ViewerPort;
let service: SynthesisService;
let subscriptions: Subscription[] = [];

/** Where OHIF serves the package's public folder. */
function assets(): Assets {
  const root = new URL((window as { PUBLIC_URL?: string }).PUBLIC_URL || '/', window.location.href);
  const base = new URL(`${id}/`, root).href;
  const bundle = (id: string) => `${base}bundles/${id}/`;
  return {
    runtime: `${base}ort/`,
    bundle: bundle('cdm-brain-mr'),
    brainBundle: bundle('brain-extraction'),
  };
}

/** A worker from the bundled source: no chunk and no public path, so it survives any host's own bundling. */
function createWorker(): Worker {
  const url = URL.createObjectURL(new Blob([workerSource], { type: 'text/javascript' }));
  const worker = new Worker(url, { type: 'module', name: id });
  // Module workers fetch their script after the constructor returns; the URL can go once the worker has spoken.
  worker.addEventListener('message', () => URL.revokeObjectURL(url), { once: true });
  return worker;
}

/** A site's words for the mark; a mistake in the configuration takes no mark away. */
function markTemplate(): string | undefined {
  try {
    return configuration().mark;
  } catch {
    return undefined;
  }
}

/** Once a page: builds the service and starts marking before any viewport exists. */
function preRegistration(context: ExtensionContext): void {
  configuration = () => parseConfiguration(context.appConfig.modalitySynthesis, window.location.search);
  viewer = createOhifViewer(context);
  service = new SynthesisService(viewer, new SynthesisClient(createWorker), assets(), configuration);
  context.servicesManager.registerService({ name: 'synthesisService', create: () => service });
  addTranslations();
  startMarking(markTemplate);
  askBeforeClosing(() => service.results.unsaved().length > 0);
  registerIcon();
}

/** Follows series and viewports while the mode lasts; a mistake in the configuration is told at once. */
function onModeEnter(context: Omit<ExtensionContext, 'appConfig'>): void {
  const { servicesManager, extensionManager, commandsManager } = context;
  const { displaySetService, viewportGridService } = servicesManager.services;
  const refresh = () => service.refresh();
  const added = ({ displaySetsAdded }: { displaySetsAdded: DisplaySet[] }) => {
    const [dataSource] = extensionManager.getActiveDataSource();
    for (const displaySet of displaySetsAdded) markThumbnail(displaySet, dataSource);
    for (const study of new Set(displaySetsAdded.map(d => d.StudyInstanceUID)))
      service.results.restore(study);
    refresh();
  };
  subscriptions = [
    displaySetService.subscribe(displaySetService.EVENTS.DISPLAY_SETS_ADDED, added),
    displaySetService.subscribe(displaySetService.EVENTS.DISPLAY_SETS_REMOVED, refresh),
    viewportGridService.subscribe(viewportGridService.EVENTS.ACTIVE_VIEWPORT_ID_CHANGED, refresh),
    viewportGridService.subscribe(viewportGridService.EVENTS.GRID_STATE_CHANGED, refresh),
    ...labelDrawings(servicesManager.services),
  ];
  guardReports(commandsManager, () => service.results.unsaved());
  service.studiesOpened(openStudies(window.location.search));
  refresh();
  try {
    configuration();
  } catch (error) {
    viewer.notify('error', (error as SynthesisError).text);
  }
}

/** Fires on a query change within the study too, so the address decides whether the study was left. */
function onModeExit(): void {
  for (const subscription of subscriptions) subscription.unsubscribe();
  subscriptions = [];
  setTimeout(() => service.studiesOpened(openStudies(window.location.search)), 0);
}

export default {
  id,
  preRegistration,
  onModeEnter,
  onModeExit,
  getCommandsModule: createCommandsModule(
    () => service,
    () => viewer,
  ),
  getPanelModule: createPanelModule(() => service),
  getCustomizationModule,
};
