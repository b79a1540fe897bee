/** A DICOM dataset by keyword, as OHIF holds it. */
export type Instance = Record<string, unknown>;

export interface DisplaySet {
  displaySetInstanceUID: string;
  SeriesInstanceUID: string;
  StudyInstanceUID: string;
  SeriesNumber?: number | string;
  SeriesDescription?: string;
  instances?: Instance[];
  images?: Instance[];
  unsupported?: boolean;
  thumbnailSrc?: string | null;
  getThumbnailSrc?: (options: { getImageSrc: (imageId: string) => Promise<string> }) => Promise<string>;
}

export interface Subscription {
  unsubscribe(): void;
}

interface PubSub<Events extends string> {
  EVENTS: Record<Events, string>;
  subscribe<T>(event: string, listener: (data: T) => void): Subscription;
}

export interface GridViewport {
  viewportId: string;
  displaySetInstanceUIDs?: string[];
}

/** OHIF's state of its viewports. */
export interface GridState {
  activeViewportId: string | null;
  viewports: Map<string, GridViewport>;
}

/** What is hung. */
export interface HangingProtocolState {
  protocolId: string;
  stageIndex: number;
  activeStudyUID: string;
}

export interface CornerstoneViewport {
  element: HTMLDivElement;
  getProperties(): { voiRange?: { lower: number; upper: number } };
  renderingEngineId: string;
}

/** The parts of a viewport in a hanging protocol that we use. */
export interface HangingViewport {
  viewportOptions: { initialImageOptions?: object };
}

/** The parts of a hanging protocol that we use. */
export interface HangingProtocol {
  id: string;
  stages: { viewports: HangingViewport[] }[];
  /** Of viewports that the user adds. */
  defaultViewport?: HangingViewport;
}

export interface DataSource {
  getImageIdsForDisplaySet(displaySet: DisplaySet): string[];
  getConfig?(): { qidoRoot?: string } | undefined;
  /** STOW-RS, if the data source has it; opens, signs and sends `request`. */
  store?: { dicom?(dataset: ArrayBuffer, request: XMLHttpRequest): unknown };
  retrieve?: {
    /** The client of its WADO-RS (dicomweb-client), if the data source has one. */
    getWadoDicomWebClient?(): {
      headers: Record<string, string>;
      retrieveInstance(uids: {
        studyInstanceUID: string;
        seriesInstanceUID: string;
        sopInstanceUID: string;
      }): Promise<ArrayBuffer>;
    };
  };
  deleteStudyMetadataPromise?(StudyInstanceUID: string): void;
}

export interface Measurement {
  uid: string;
  label?: string;
  referenceSeriesUID?: string;
}

export interface Segmentation {
  segmentationId: string;
  label: string;
  segments: Record<string, { label: string }>;
  representationData?: Record<string, { referencedImageIds?: string[] } | undefined>;
}

/** The parts of OHIF's services that we use. */
export interface Services {
  displaySetService: PubSub<'DISPLAY_SETS_ADDED' | 'DISPLAY_SETS_REMOVED'> & {
    getActiveDisplaySets(): DisplaySet[];
    getDisplaySetByUID(uid: string): DisplaySet | undefined;
    getDisplaySetsForSeries(seriesInstanceUID: string): DisplaySet[];
    deleteDisplaySet(uid: string): void;
  };
  viewportGridService: PubSub<'ACTIVE_VIEWPORT_ID_CHANGED' | 'GRID_STATE_CHANGED'> & {
    getState(): GridState;
    /** Replaces the viewports. */
    set(state: GridState): void;
    setActiveViewportId(viewportId: string): void;
    setDisplaySetsForViewports(
      updates: {
        viewportId: string;
        displaySetInstanceUIDs: string[];
        viewportOptions?: Record<string, unknown>;
      }[],
    ): void;
    setLayout(layout: {
      numRows: number;
      numCols: number;
      layoutType: 'grid';
      findOrCreateViewport(position: number): {
        displaySetInstanceUIDs: string[];
        displaySetOptions: object[];
        viewportOptions: Record<string, unknown>;
      };
    }): void;
  };
  cornerstoneViewportService: {
    getCornerstoneViewport(viewportId: string): CornerstoneViewport | undefined;
  };
  syncGroupService: {
    addSynchronizerType(type: string, create: (id: string) => unknown): void;
    addViewportToSyncGroup(
      viewportId: string,
      renderingEngineId: string,
      group: { type: string; id: string; source: boolean; target: boolean },
    ): void;
  };
  measurementService: PubSub<'MEASUREMENT_ADDED' | 'MEASUREMENT_UPDATED'> & {
    getMeasurements(): Measurement[];
    update(uid: string, measurement: Measurement, notYetUpdatedAtSource: boolean): void;
    remove(uid: string): void;
  };
  segmentationService: PubSub<'SEGMENTATION_ADDED' | 'SEGMENTATION_MODIFIED'> & {
    getSegmentation(segmentationId: string): Segmentation | undefined;
    getSegmentations(): Segmentation[];
    addOrUpdateSegmentation(change: { segmentationId: string; label: string }): void;
    setSegmentLabel(segmentationId: string, segmentIndex: number, label: string): void;
    remove(segmentationId: string): void;
  };
  userAuthenticationService: { getAuthorizationHeader(): Record<string, string> | undefined };
  uiNotificationService: {
    show(notification: { title: string; message: string; type: string; duration?: number }): void;
  };
  hangingProtocolService: PubSub<'PROTOCOL_CHANGED'> & {
    getProtocolById(id: string): HangingProtocol;
    /** Undefined before a study is hung. */
    getState(): HangingProtocolState | undefined;
    getActiveProtocol(): { activeStudy?: { StudyInstanceUID: string } };
    /** @param restoreProtocol leaves the viewports as they are */
    run(
      study: { displaySets: DisplaySet[]; activeStudy: { StudyInstanceUID: string | undefined } },
      protocolId: string,
      options?: { stageIndex: number; restoreProtocol: true },
    ): void;
  };
  /** OHIF 3.13 applies customizations to a mode. */
  customizationService: { applyModeCustomizations?: unknown };
  toolbarService: {
    register(buttons: object[]): void;
    /** Adds buttons to a section. */
    updateSection(section: string, buttonIds: string[]): void;
  };
  panelService: { activatePanel(panelId: string, forceActive?: boolean): void };
}

export interface ServicesManager {
  services: Services;
  registerService(registration: { name: string; create: () => unknown }): void;
}

/** `@ohif/extension-cornerstone.utilityModule.common` */
interface CornerstoneModule {
  exports: { getCornerstoneLibraries(): { cornerstone: typeof import('@cornerstonejs/core') } };
}

export interface ExtensionManager {
  getActiveDataSource(): DataSource[];
  getModuleEntry(id: string): CornerstoneModule;
}

export interface CommandsManager {
  runCommand(name: string, options?: Record<string, unknown>, context?: string): unknown;
  createContext(name: string): void;
  registerCommand(
    context: string,
    name: string,
    definition: { commandFn: (options: Record<string, unknown>) => unknown },
  ): void;
}

/** Argument of an extension's hooks and module getters. */
export interface ExtensionContext {
  servicesManager: ServicesManager;
  commandsManager: CommandsManager;
  extensionManager: ExtensionManager;
  appConfig: Record<string, unknown>;
}
