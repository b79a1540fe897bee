import type {
  Derivation,
  Plan as EnginePlan,
  StudySeries as EngineSeries,
  Grid,
  Message,
  Volume,
} from '@modality-synthesis/engine';
import type {
  AlignmentJob,
  Alignments,
  BrainJob,
  BrainOutcome,
  ModelLookUp,
  ModelPlace,
  RunOptions,
  SynthesisOutcome,
  WorkerJob,
} from '@modality-synthesis/engine/web';

/** A series of the loaded study, as far as the session needs to know it. */
export interface StudySeries extends EngineSeries {
  displaySetInstanceUID: string;
}

/** What a job would do with the loaded study. */
export type Plan = EnginePlan<StudySeries>;

/** A series that was made here. */
export interface MadeSeries {
  study: string;
  SeriesInstanceUID: string;
  /** The series whose grid it lies on. */
  referenceSeriesInstanceUID: string;
}

export interface StoreOptions {
  /** How long the archive may take for one answer, ms. */
  storeTimeout: number;
  /** Waits before an attempt is repeated, ms. */
  storeRetryDelays: readonly number[];
}

/** What the session asks of the viewer; implemented in ohif/. */
export interface ViewerPort {
  /** StudyInstanceUID shown in the active viewport, or of the only study there is. */
  activeStudy(): string | undefined;
  /** Image series of one study, in the order of their SeriesNumber. */
  series(study: string): StudySeries[];
  /** Where the voxels of a series lie, or the text why it cannot be used. */
  grid(series: StudySeries): Grid | Message;
  /**
   * Acquired pixels in real-world values on an LPS grid.
   * @throws SynthesisError `geometry-unsupported`, `source-unreadable` or `cancelled`, naming the series
   */
  readVolume(series: StudySeries, onImage: () => void, signal: AbortSignal): Promise<Volume>;
  /** Puts a volume into the study as a derived series; returns its SeriesInstanceUID. */
  addSeries(
    volume: Volume,
    reference: StudySeries,
    derivation: Derivation,
    sources: readonly StudySeries[],
  ): string;
  /** Whether a series is loaded and has a display set. */
  hasSeries(SeriesInstanceUID: string): boolean;
  /** Makes a display set again for a series made here, whose study was closed and opened again. */
  restoreSeries(study: string, SeriesInstanceUID: string): void;
  /**
   * Stores a series made here in the archive, and reads back that it is there.
   * @param onStored told after each image how many of all lie in the archive
   * @returns the number of its images that the archive lists: all
   * @throws SynthesisError `store-failed`, with what happened and what to do
   */
  storeSeries(
    series: MadeSeries,
    options: StoreOptions,
    onStored: (done: number, of: number) => void,
  ): Promise<number>;
  /** Removes a series made here with everything that hangs on it. */
  removeSeries(series: MadeSeries): Promise<void>;
  /** Hands a series made here to the person as a zip of DICOM files. */
  downloadSeries(series: MadeSeries): Promise<void>;
  /** Shows a result in the active viewport, linked with every viewport that shows one of the study's other series. */
  show(SeriesInstanceUID: string): void;
  /** Shows reference and result side by side, linked. */
  compare(referenceSeriesInstanceUID: string, SeriesInstanceUID: string): void;
  /** Tells a person something outside the panel. */
  notify(kind: 'success' | 'warning' | 'error', text: Message): void;
}

/** What the session asks of the engine's worker. */
export interface EnginePort {
  /** Measures how the sources lie on the reference, before anything else. */
  align(job: AlignmentJob, options: RunOptions): Promise<Alignments>;
  lookUp(where: ModelPlace): Promise<ModelLookUp>;
  findBrain(job: BrainJob, options: RunOptions): Promise<BrainOutcome>;
  run(job: WorkerJob, options: RunOptions): Promise<SynthesisOutcome>;
}

/** Addresses of what the extension serves beside itself, absolute, with a trailing slash. */
export interface Assets {
  runtime: string;
  bundle: string;
  brainBundle: string;
}
