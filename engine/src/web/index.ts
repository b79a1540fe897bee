export { PROVIDER_CHOICES, type ProviderChoice, type ProviderDecision } from './chooseProvider';
export type { SynthesisOutcome, WorkerJob } from './protocol';
export { type RunOptions, SynthesisClient } from './SynthesisClient';
