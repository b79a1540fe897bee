import type { Placement } from '../backends/Networks';
import type { Dataset } from '../dicom/Dataset';
import type { CheckedSource } from '../dicom/record';
import type { RoleId } from '../domains/Role';
import type { Options, Target } from '../methods/Method';
import type { Models } from '../models';
import type { JobPlan } from '../series/plan';
import type { StudySeries } from '../series/StudySeries';
import type { SliceRange } from '../volume/sliceRange';
import type { Volume } from '../volume/Volume';
import type { Executor } from './Executor';

/** Everything that decides what a job makes. */
export interface Job<S extends StudySeries = StudySeries> {
  plan: JobPlan<S>;
  models: Models;
  /** With every parameter. */
  targets: readonly Target[];
  /** Every option of the method. */
  options: Options;
  seed: number;
  /** Of the reference, where not all are to be made. */
  slices?: SliceRange;
  placement: Placement;
  /** When it was first begun, where it may be run again: its series has the same UIDs then, and this time. */
  repeatable?: Date;
  /** Outcome of a self-check that ran before, for the record. */
  check?: readonly CheckedSource[];
}

/** Pixels as they were read. */
export interface AcquiredVolume extends Volume {
  /** What all values had too much and no header told: taken away. */
  offset?: number;
}

/** The study of a job, as a viewer or a folder holds it. */
export interface StudyPort<S extends StudySeries = StudySeries> {
  /** Headers of a series' images, frames separated, in any order. */
  images(series: S): readonly { instance: Dataset }[];
  /** How many loaded studies, this one among them, are one by patient and time; absent where one is read. */
  partsOf?(study: string): number;
  /**
   * Acquired pixels: real-world values on an LPS grid.
   * @throws SynthesisError `geometry-unsupported`, `source-unreadable` or `cancelled`, naming the series
   */
  readVolume(series: S, onImage: () => void, signal?: AbortSignal): Promise<AcquiredVolume>;
}

/** What a job needs of its surroundings. */
export interface JobPorts<S extends StudySeries = StudySeries> {
  study: StudyPort<S>;
  executor: Executor;
}

/** The roles of a job's targets. */
export function targetIds({ targets }: Pick<Job, 'targets'>): RoleId[] {
  return targets.map(({ id }) => id);
}
