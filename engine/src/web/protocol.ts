import type { ModelCard } from '../bundle/fields';
import type { Derivation } from '../dicom/record';
import type { Region } from '../domains/Region';
import type { Contrast } from '../domains/Role';
import type { SynthesisErrorCode } from '../errors';
import type { Message } from '../messages';
import type { Detail, Options } from '../methods/Method';
import type { Step } from '../progress';
import type { Alignment } from '../registration/Alignment';
import type { Synthesis, SynthesisRequest } from '../synthesize';
import type { ProviderChoice, ProviderDecision } from './chooseProvider';

/** Where a job of the worker runs. */
interface RunPlace {
  /** Folder of the onnxruntime-web files, absolute, with a trailing slash. */
  runtime: string;
  provider: ProviderChoice;
}

/** Registers the sources. */
export type AlignmentJob = Pick<SynthesisRequest, 'sources' | 'reference'>;

/** By source, without the reference. */
export type Alignments = ReadonlyMap<Contrast, Alignment>;

/** Finds the brain. */
export interface BrainJob extends RunPlace, Pick<SynthesisRequest, 'sources' | 'reference'> {
  /** Folder of the bundle that finds the brain, absolute, with a trailing slash. */
  brainBundle: string;
}

/** The brain, and what found it. */
export interface BrainOutcome {
  found: Region;
  brain: Derivation['brain'];
  provider: ProviderDecision;
  /** Measured with the brain network on this machine. */
  flopsPerSecond: number;
}

/** Synthesizes the missing contrasts. */
export interface WorkerJob extends RunPlace, Omit<SynthesisRequest, 'options'> {
  /** Bundle folder, absolute, with a trailing slash. */
  bundle: string;
  /** Options of the method; default: those of the bundle. */
  options?: Options;
}

/** Result of a finished job. */
export interface SynthesisOutcome extends Pick<Derivation, 'bundle' | 'method' | 'seed'> {
  results: ReadonlyMap<Contrast, Synthesis>;
  card: ModelCard;
  /** Details for the user on each target. */
  details: ReadonlyMap<Contrast, readonly Detail[]>;
  provider: ProviderDecision;
  /** From the networks' start to the volumes, s. */
  seconds: number;
}

export type ToWorker =
  | { type: 'align'; job: AlignmentJob }
  | { type: 'brain'; job: BrainJob }
  | { type: 'run'; job: WorkerJob }
  | { type: 'cancel' };

export type FromWorker =
  | { type: 'step'; step: Step }
  | { type: 'provider'; decision: ProviderDecision }
  | { type: 'done'; outcome: Alignments | BrainOutcome | SynthesisOutcome }
  | { type: 'failed'; code: SynthesisErrorCode; text: Message; cause: string };
