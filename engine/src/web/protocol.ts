import type { Contrast } from '../contrast/Contrast';
import type { SynthesisErrorCode } from '../errors';
import type { Step } from '../progress';
import type { SynthesisRequest } from '../synthesize';
import type { Volume } from '../volume/Volume';
import type { ProviderChoice, ProviderDecision } from './chooseProvider';

/** A job for the worker. */
export interface WorkerJob extends Omit<SynthesisRequest, 'samples'> {
  /** Bundle folder, absolute, with a trailing slash. */
  bundle: string;
  /** Folder of the onnxruntime-web files, absolute, with a trailing slash. */
  runtime: string;
  provider: ProviderChoice;
  /** Default: what the bundle says. */
  samples?: number;
}

/** What a finished job hands back. */
export interface SynthesisOutcome {
  /** On the reference's grid, values in [0, ceiling], 0 outside the brain. */
  volumes: ReadonlyMap<Contrast, Volume>;
  bundle: { id: string; version: string; name: string; sha256: string };
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
