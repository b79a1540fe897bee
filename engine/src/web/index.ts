export { PROVIDER_CHOICES, type ProviderChoice, type ProviderDecision } from './chooseProvider';
export type { ModelLookUp, ModelPlace } from './lookUpModel';
export type {
  AlignmentJob,
  Alignments,
  BrainJob,
  BrainOutcome,
  SynthesisOutcome,
  WorkerJob,
} from './protocol';
export { type RunOptions, SynthesisClient } from './SynthesisClient';
