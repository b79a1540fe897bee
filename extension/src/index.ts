import { domainOf, METHODS, type SynthesisError } from '@modality-synthesis/engine';
import { browserStore, lookUpModel, WorkerExecutor } from '@modality-synthesis/engine/web';
import workerPath from '@modality-synthesis/engine/web/worker?served';
import { createCommandsModule } from './getCommandsModule';
import { getCustomizationModule } from './getCustomizationModule';
import { createHangingProtocolModule } from './getHangingProtocolModule';
import { createPanelModule } from './getPanelModule';
import { addTranslations } from './i18n/translate';
import { registerIcon } from './icon';
import { id } from './id';
import { afterFirstImage } from './ohif/afterFirstImage';
import { interceptStore } from './ohif/annotations/interceptStore';
import { prefixAnnotations } from './ohif/annotations/prefixAnnotations';
import { Blink } from './ohif/blink/Blink';
import { Comparison } from './ohif/comparison/Comparison';
import { isBesideUncertainty } from './ohif/comparison/cells';
import { startErrorMaps } from './ohif/errorMap/errorMaps';
import { seriesValues } from './ohif/errorMap/seriesValues';
import { createSliceLink, SLICE_LINK } from './ohif/link/sliceLink';
import { loginHeaders } from './ohif/login';
import { createOhifViewer } from './ohif/OhifViewer';
import { askBeforeClosing, openStudies } from './ohif/page';
import { releaseReplacedViewports } from './ohif/releaseReplacedViewports';
import { startCheckCaptions } from './ohif/selfCheck/checkCaptions';
import { addToolbarButton } from './ohif/toolbarButton';
import type { DisplaySet, ExtensionContext, Subscription } from './ohif/types';
import { startWatermarks } from './ohif/watermark/watermark';
import { watermarkThumbnail } from './ohif/watermark/watermarkThumbnail';
import { type Configuration, parseConfiguration } from './session/configuration';
import { SynthesisService } from './session/SynthesisService';
import type { Assets, ViewerPort } from './session/ViewerPort';

let configuration: () => Configuration;
let viewer: ViewerPort;
let service: SynthesisService;
let comparison: Comparison;
let blink: Blink;
let subscriptions: Subscription[] = [];

/** Where OHIF serves the package's public folder. */
function publicFolder(): string {
  const root = new URL((window as { PUBLIC_URL?: string }).PUBLIC_URL || '/', window.location.href);
  return new URL(`${id}/`, root).href;
}

/** The bundles that the extension ships. */
function shippedBundles(): Assets {
  const bundle = (id: string) => `${publicFolder()}bundles/${id}/`;
  return { bundle: bundle(METHODS[0].bundle), regionBundle: bundle(domainOf().region.bundle) };
}

/** By a blob, which has the page's origin and policies wherever the public folder is served from. */
function createWorker(): Worker {
  const script = `import ${JSON.stringify(publicFolder() + workerPath)};`;
  const url = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
  const worker = new Worker(url, { type: 'module', name: id });
  // A module worker fetches its script after the constructor returns; its first message shows that it did.
  worker.addEventListener('message', () => URL.revokeObjectURL(url), { once: true });
  return worker;
}

/** The site's watermark text; with an invalid configuration the default applies. */
function watermarkTemplate(): string | undefined {
  try {
    return configuration().mark;
  } catch {
    return undefined;
  }
}

/** Once per page: creates the service and starts the watermarks before any viewport exists. */
function preRegistration(context: ExtensionContext): void {
  configuration = () => parseConfiguration(context.appConfig.modalitySynthesis, window.location.search);
  comparison = new Comparison(context.servicesManager.services, () => service);
  viewer = createOhifViewer(context, comparison);
  blink = new Blink(context, text => viewer.notify('warning', text));
  const login = loginHeaders(context.servicesManager.services);
  const executor = new WorkerExecutor(
    createWorker,
    `${publicFolder()}ort/`,
    publicFolder() + workerPath,
    () => (configuration().server?.login ? login() : {}),
  );
  const store = browserStore();
  const engine = Object.assign(executor, {
    lookUp: lookUpModel,
    keptModels: store.models,
    removeModel: store.remove,
  });
  service = new SynthesisService(viewer, engine, shippedBundles(), configuration);
  context.servicesManager.registerService({ name: 'synthesisService', create: () => service });
  addTranslations();
  startWatermarks(watermarkTemplate);
  releaseReplacedViewports();
  startCheckCaptions();
  startErrorMaps(service.errorMapViews, uid => seriesValues(uid, context), isBesideUncertainty);
  askBeforeClosing(() => service.results.unsaved().length > 0);
  registerIcon();
}

/** Follows series and viewports while the mode is active; reports an invalid configuration at once. */
function onModeEnter(context: Omit<ExtensionContext, 'appConfig'>): void {
  const { servicesManager, extensionManager, commandsManager } = context;
  const { displaySetService, hangingProtocolService, syncGroupService, viewportGridService } =
    servicesManager.services;
  const { ask: refresh, cancel } = afterFirstImage(() => service.refresh());
  syncGroupService.addSynchronizerType(SLICE_LINK, createSliceLink);
  const added = ({ displaySetsAdded }: { displaySetsAdded: DisplaySet[] }) => {
    const [dataSource] = extensionManager.getActiveDataSource();
    for (const displaySet of displaySetsAdded) watermarkThumbnail(displaySet, dataSource);
    for (const study of new Set(displaySetsAdded.map(d => d.StudyInstanceUID)))
      service.results.restore(study);
    refresh();
  };
  subscriptions = [
    displaySetService.subscribe(displaySetService.EVENTS.DISPLAY_SETS_ADDED, added),
    displaySetService.subscribe(displaySetService.EVENTS.DISPLAY_SETS_REMOVED, refresh),
    hangingProtocolService.subscribe(hangingProtocolService.EVENTS.PROTOCOL_CHANGED, () =>
      comparison.applied(),
    ),
    viewportGridService.subscribe(viewportGridService.EVENTS.ACTIVE_VIEWPORT_ID_CHANGED, refresh),
    viewportGridService.subscribe(viewportGridService.EVENTS.GRID_STATE_CHANGED, refresh),
    ...prefixAnnotations(servicesManager.services),
    { unsubscribe: cancel },
  ];
  interceptStore(
    commandsManager,
    () => service.results.unsaved(),
    () => service.checks.series(),
  );
  addToolbarButton(servicesManager.services);
  service.studiesOpened(openStudies(window.location.search));
  refresh();
  try {
    configuration();
  } catch (error) {
    viewer.notify('error', (error as SynthesisError).text);
  }
}

/** OHIF also calls this when the query changes within a study: the address tells which studies are open. */
function onModeExit(): void {
  for (const subscription of subscriptions) subscription.unsubscribe();
  subscriptions = [];
  blink.end();
  comparison.forget();
  setTimeout(() => {
    service.studiesOpened(openStudies(window.location.search));
    service.release();
  }, 0);
}

export default {
  id,
  preRegistration,
  onModeEnter,
  onModeExit,
  getCommandsModule: createCommandsModule(
    () => service,
    () => viewer,
    () => comparison,
    () => blink,
  ),
  getPanelModule: createPanelModule(() => service),
  getCustomizationModule,
  getHangingProtocolModule: createHangingProtocolModule(() => comparison),
};
