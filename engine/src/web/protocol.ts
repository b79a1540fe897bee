import type { ModelCard } from '../bundle/fields';
import type { Contrast } from '../contrast/Contrast';
import type { Derivation } from '../dicom/record';
import type { SynthesisErrorCode } from '../errors';
import type { FoundBrain } from '../findBrain';
import type { Message } from '../messages';
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

/** To measure how the sources lie on the reference. */
export type AlignmentJob = Pick<SynthesisRequest, 'sources' | 'reference'>;

/** How each source but the reference lies on it. */
export type Alignments = ReadonlyMap<Contrast, Alignment>;

/** To find the brain. */
export interface BrainJob extends RunPlace, Pick<SynthesisRequest, 'sources' | 'reference'> {
  /** Folder of the bundle that finds the brain, absolute, with a trailing slash. */
  brainBundle: string;
}

/** The brain, and what found it. */
export interface BrainOutcome {
  found: FoundBrain;
  brain: Derivation['brain'];
  provider: ProviderDecision;
  /** How fast this machine ran the network that found it. */
  flopsPerSecond: number;
}

/** To make the missing contrasts. */
export interface WorkerJob extends RunPlace, Omit<SynthesisRequest, 'samples'> {
  /** Bundle folder, absolute, with a trailing slash. */
  bundle: string;
  /** Default: what the bundle says. */
  samples?: number;
}

/** What a finished job hands back. */
export interface SynthesisOutcome
  extends Pick<Derivation, 'bundle' | 'samples' | 'steps' | 'guidance' | 'seed'> {
  results: ReadonlyMap<Contrast, Synthesis>;
  card: ModelCard;
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
