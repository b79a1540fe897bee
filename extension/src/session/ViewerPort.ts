import type {
  Dataset,
  Derivation,
  Detail,
  Plan as EnginePlan,
  StudySeries as EngineSeries,
  ErrorMap,
  Executor,
  Message,
  ModelCard,
  ModelLookUp,
  Point3,
  RoleId,
  StudyPort,
} from '@modality-synthesis/engine';
import type { KeptModel, ModelPlace } from '@modality-synthesis/engine/web';

/** A series of the loaded study. */
export interface StudySeries extends EngineSeries {
  displaySetInstanceUID: string;
}

/** Plan of a job on the loaded study. */
export type Plan = EnginePlan<StudySeries>;

/** A series that the extension added to a study. */
export interface DerivedSeries {
  study: string;
  SeriesInstanceUID: string;
  /** The series whose grid it has. */
  referenceSeriesInstanceUID: string;
}

/** What a report about a derived series says. */
export interface ReportedResult extends DerivedSeries {
  target: RoleId;
  /** Provenance as in its DICOM files. */
  derivation: Derivation;
  /** The method's options for display. */
  details: readonly Detail[];
  card: ModelCard;
}

export interface StoreOptions {
  /** Timeout of a request to the archive, ms. */
  storeTimeout: number;
  /** Waits before the second and later attempts, ms. */
  storeRetryDelays: readonly number[];
}

/** The viewer as the session uses it; implemented in ohif/. */
export interface ViewerPort extends StudyPort<StudySeries> {
  /** StudyInstanceUID of the active viewport, or of the only loaded study. */
  activeStudy(): string | undefined;
  /** Image series of one study by SeriesNumber. */
  series(study: string): StudySeries[];
  /** The middle slice of a series as the viewer shows it, a data URL. */
  picture(series: StudySeries): Promise<string>;
  /** Position of the active viewport's slice, LPS mm, where it lies in the space of a series. */
  shownPosition(series: StudySeries): Point3 | undefined;
  /**
   * Adds datasets to the loaded study as a series, one per image, with PixelData.
   * @param onImage called after each image
   */
  addSeries(datasets: readonly Dataset[], onImage: () => void): Promise<void>;
  /** Whether a series is loaded and has a display set. */
  hasSeries(SeriesInstanceUID: string): boolean;
  /** Creates the display set of a derived series again after its study was closed and reopened. */
  restoreSeries(study: string, SeriesInstanceUID: string): void;
  /**
   * Stores a derived series in the archive and checks that the archive lists all its images.
   * @param onStored receives the number of images in the archive after each image
   * @returns the number of images
   * @throws SynthesisError `store-failed`, with what happened and what to do
   */
  storeSeries(
    series: DerivedSeries,
    options: StoreOptions,
    onStored: (done: number, of: number) => void,
  ): Promise<number>;
  /**
   * Stores the error map of a stored series, and its region, each as a series of its own.
   * @throws SynthesisError `store-failed`, with what happened and what to do
   */
  storeErrorMap(series: DerivedSeries, map: ErrorMap, options: StoreOptions): Promise<void>;
  /**
   * Reads the error map of a series from the archive.
   * @returns undefined where the study has none
   * @throws SynthesisError `source-unreadable`
   */
  readErrorMap(SeriesInstanceUID: string): Promise<ErrorMap | undefined>;
  /** Removes a derived series with its annotations, cached images and object URLs. */
  removeSeries(series: DerivedSeries): Promise<void>;
  /**
   * Adds a report about a result to its study, as a series of Secondary Capture images.
   * @throws SynthesisError `source-unreadable` when its images are not loaded
   */
  addReport(result: ReportedResult): Promise<DerivedSeries>;
  /** Prints the report. @throws as `addReport` */
  printReport(result: ReportedResult): Promise<void>;
  /** Downloads a derived series as a zip of DICOM files. */
  downloadSeries(series: DerivedSeries): Promise<void>;
  /** Shows a result in the active viewport; it scrolls with the viewports of the study's other series. */
  show(SeriesInstanceUID: string): void;
  /**
   * Replaces sequences of a derived series that is not stored: the new ones are stored and downloaded.
   * @param before, after the sequences by keyword
   */
  amendSeries(series: DerivedSeries, before: Dataset, after: Dataset): void;
  /** Shows an acquired series, the same made again and their difference side by side, linked. */
  showCheck(acquired: string, remade: string, difference: string): void;
  /** The synthetic series that is shown beside its sources. */
  compared(): string | undefined;
  /** Shows a notification outside the panel. */
  notify(kind: 'success' | 'warning' | 'error', text: Message): void;
}

/** The engine as the session uses it. */
export interface EnginePort extends Executor {
  lookUp(where: ModelPlace): Promise<ModelLookUp>;
  /** The models of which this machine keeps networks. */
  keptModels(): Promise<readonly KeptModel[]>;
  /** Deletes the kept networks of the model at an address. */
  removeModel(address: string): Promise<void>;
}

/** Absolute addresses, with a trailing slash, of the folders that the extension ships. */
export interface Assets {
  bundle: string;
  regionBundle: string;
}
