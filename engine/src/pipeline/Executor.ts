import type { BackendSettings } from '../backends/Backend';
import type { NetworkOptions, Placement } from '../backends/Networks';
import type { BaseManifest } from '../bundle/fields';
import type { Bundle, NetworkSelection } from '../bundle/loadBundle';
import type { RegistrationRecord } from '../dicom/record';
import type { StoredImage } from '../dicom/storedImage';
import type { InputFeatures } from '../distribution/InputFeatures';
import type { Region } from '../domains/Region';
import type { RoleId } from '../domains/Role';
import type { Options, Target } from '../methods/Method';
import type { Alignment } from '../registration/Alignment';
import type { LesionVolumes } from '../volume/LesionProbabilities';
import type { SliceRange } from '../volume/sliceRange';
import type { Volume } from '../volume/Volume';
import type { CompactErrors } from './CompactErrors';
import type { RemadeSource } from './remakeSources';

/** How a caller follows and cancels a step. */
export type RunOptions = NetworkOptions;

/** The acquired series of a job; real-world values, LPS affines. */
export interface AcquiredSources {
  sources: ReadonlyMap<RoleId, Volume>;
  /** The source whose grid the results lie on. */
  reference: RoleId;
  /** Id of the domain. */
  domain: string;
}

/** By source, without the reference. */
export type Alignments = ReadonlyMap<RoleId, Alignment>;

/** The region in the sources, and what found it. */
export interface RegionOutcome {
  found: Region;
  /** Measured with its network on this machine. */
  flopsPerSecond: number;
}

/** What is to be made of the sources. Plain data: it crosses a worker's border. */
export interface SynthesisInput extends Placement {
  bundle: Bundle<BaseManifest>;
  /** With every parameter. */
  targets: readonly Target[];
  /** Every option of the method. */
  options: Options;
  /** The same seed gives the same pixels on the same provider and number of threads. */
  seed: number;
  /** Of the reference, where not all are to be made. */
  slices?: SliceRange;
}

/** One synthesized target, on the reference's grid or those slices of it. */
export type SynthesizedImage = Target & StoredImage & { lesions?: LesionVolumes };

export interface SynthesisOutcome {
  images: readonly SynthesizedImage[];
  settings: BackendSettings;
}

export interface RemadeOutcome {
  remade: readonly RemadeSource[];
  settings: BackendSettings;
}

/** The steps of one job, on volumes that stay where it runs; each takes its input and can be cancelled. */
export interface JobSteps {
  /** SHA-256 of each source's values, float32 little endian. */
  checksums(input: Record<string, never>, run: RunOptions): Promise<ReadonlyMap<RoleId, string>>;
  /**
   * Registers the sources to the reference, by the images.
   * @throws SynthesisError as `align`
   */
  align(input: Record<string, never>, run: RunOptions): Promise<Alignments>;
  /** Registers them as a record says. */
  register(input: readonly RegistrationRecord[], run: RunOptions): Promise<void>;
  /** @throws SynthesisError as `RegionFinder.find` and `Networks.use` */
  findRegion(input: Placement & { bundle: Bundle }, run: RunOptions): Promise<RegionOutcome>;
  /**
   * Features of the inputs as the model will see them; they stay prepared for `synthesize`.
   * @throws SynthesisError as `prepare`
   */
  describe(input: { bundle: Bundle<BaseManifest> }, run: RunOptions): Promise<InputFeatures>;
  /** @throws SynthesisError as `synthesize` and `Networks.use` */
  synthesize(input: SynthesisInput, run: RunOptions): Promise<SynthesisOutcome>;
  /** How far the images of the last synthesis may be off, by target; a step for an idle moment. */
  errors(input: Record<string, never>, run: RunOptions): Promise<ReadonlyMap<RoleId, CompactErrors>>;
  /**
   * Makes sources, the targets of the input, again from the other sources.
   * @throws SynthesisError as `remakeSources` and `Networks.use`
   */
  remakeSources(input: SynthesisInput, run: RunOptions): Promise<RemadeOutcome>;
}

/** A job whose sources were handed over. */
export interface OpenJob extends JobSteps {
  /** Frees the volumes. */
  close(): void;
}

/** Where jobs run: a worker, this process, later a server. */
export interface Executor {
  /** Starts networks that a job will use, while its sources are read. A failure shows when they are used. */
  startNetworks(wanted: readonly NetworkSelection[], placement: Placement): void;
  /** Takes the sources over; the caller must not use them afterwards. */
  open(sources: AcquiredSources): Promise<OpenJob>;
  /** Frees the networks that are kept for the next job. */
  release(): Promise<void>;
}
