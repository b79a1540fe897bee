import type {
  Derivation,
  Plan as EnginePlan,
  StudySeries as EngineSeries,
  Volume,
} from '@modality-synthesis/engine';
import type {
  BrainJob,
  BrainOutcome,
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

/** What the session asks of the viewer; implemented in ohif/. */
export interface ViewerPort {
  /** StudyInstanceUID shown in the active viewport, or of the only study there is. */
  activeStudy(): string | undefined;
  /** Image series of one study, in the order of their SeriesNumber. */
  series(study: string): StudySeries[];
  /**
   * Acquired pixels in real-world values on an LPS grid.
   * @throws SynthesisError `geometry-unsupported`, `source-unreadable` or `cancelled`, naming the series
   */
  readVolume(series: StudySeries, onImage: () => void, signal: AbortSignal): Promise<Volume>;
  /** Puts a volume into the study as a derived series; returns the UID of its display set. */
  addSeries(volume: Volume, reference: StudySeries, derivation: Derivation): string;
  hasDisplaySet(displaySetInstanceUID: string): boolean;
  /** Shows a result in the active viewport, linked with every viewport that shows one of the study's other series. */
  show(displaySetInstanceUID: string): void;
  /** Shows reference and result side by side, linked. */
  compare(referenceDisplaySetInstanceUID: string, displaySetInstanceUID: string): void;
  /** Tells a person something outside the panel. */
  notify(kind: 'success' | 'warning' | 'error', message: string): void;
}

/** What the session asks of the engine's worker. */
export interface EnginePort {
  findBrain(job: BrainJob, options: RunOptions): Promise<BrainOutcome>;
  run(job: WorkerJob, options: RunOptions): Promise<SynthesisOutcome>;
}

/** Addresses of what the extension serves beside itself, absolute, with a trailing slash. */
export interface Assets {
  runtime: string;
  bundle: string;
  brainBundle: string;
}
