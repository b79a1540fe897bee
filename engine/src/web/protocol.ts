import type { ModelCard } from '../bundle/fields';
import type { Contrast } from '../contrast/Contrast';
import type { BundleName } from '../dicom/derivedSeries';
import type { SynthesisErrorCode } from '../errors';
import type { Step } from '../progress';
import type { Synthesis, SynthesisRequest } from '../synthesize';
import type { ProviderChoice, ProviderDecision } from './chooseProvider';

/** A job for the worker. */
export interface WorkerJob extends Omit<SynthesisRequest, 'samples'> {
  /** Bundle folder, absolute, with a trailing slash. */
  bundle: string;
  /** The same of the bundle that finds the brain. */
  brainBundle: string;
  /** Folder of the onnxruntime-web files, absolute, with a trailing slash. */
  runtime: string;
  provider: ProviderChoice;
  /** Default: what the bundle says. */
  samples?: number;
}

/** What a finished job hands back. */
export interface SynthesisOutcome {
  results: ReadonlyMap<Contrast, Synthesis>;
  bundle: BundleName;
  brain: BundleName;
  card: ModelCard;
  samples: number;
  seed: number;
  provider: ProviderDecision;
}

export type ToWorker = { type: 'run'; job: WorkerJob } | { type: 'cancel' };

export type FromWorker =
  | { type: 'step'; step: Step }
  | { type: 'provider'; decision: ProviderDecision }
  | { type: 'done'; outcome: SynthesisOutcome }
  | { type: 'failed'; code: SynthesisErrorCode; message: string; cause: string };
