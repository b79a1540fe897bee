import type { BackendSettings } from '../backends/Backend';
import type { Placement } from '../backends/Networks';
import type { NetworkSelection } from '../bundle/loadBundle';
import type { SynthesisErrorCode } from '../errors';
import type { Message } from '../messages';
import type { AcquiredSources, JobSteps } from '../pipeline/Executor';
import type { Step } from '../progress';

export type StepName = keyof JobSteps;

/** A step of an open job. */
type StepRequest = {
  [S in StepName]: { type: 'step'; job: number; name: S; input: Parameters<JobSteps[S]>[0] };
}[StepName];

export type ToWorker =
  /**
   * First: where the onnxruntime-web files lie, absolute, with a trailing slash, and the name of a Web Lock
   * that the worker holds as long as it lives, where the page has locks (secure contexts).
   */
  | { type: 'start'; runtime: string; lock?: string }
  | { type: 'networks'; wanted: readonly NetworkSelection[]; placement: Placement }
  | { type: 'open'; job: number; sources: AcquiredSources }
  | StepRequest
  | { type: 'close'; job: number }
  | { type: 'cancel' }
  | { type: 'release' };

export type FromWorker =
  /** The worker holds its lock. */
  { type: 'alive' } | Answer;

/** What a step says. */
export type Answer =
  | { type: 'progress'; step: Step }
  | { type: 'backend'; settings: BackendSettings }
  | { type: 'done'; result: Awaited<ReturnType<JobSteps[StepName]>> }
  | { type: 'failed'; code: SynthesisErrorCode; text: Message; cause: string };
