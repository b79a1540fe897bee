import type {
  Message,
  ModelCard,
  PreflightReport,
  Progress,
  RoleId,
  SynthesisErrorCode,
} from '@modality-synthesis/engine';
import type { KeptModel } from '@modality-synthesis/engine/web';
import type { OfferedModel } from './ModelInUse';
import type { Result } from './Results';
import type { ResultCheck } from './SelfChecks';
import type { TargetControl } from './selection';
import type { Plan } from './ViewerPort';

/** States of a job: idle -> running (-> waiting -> running) -> done, failed or cancelled -> running ... */
export type Job =
  | { status: 'idle' }
  | {
      status: 'running';
      study: string;
      startedAt: number;
      progress: Progress | null;
      provider: Message | null;
    }
  /** The sources are measured; amber findings wait for acknowledgement. */
  | { status: 'waiting'; study: string; text: Message }
  | { status: 'done'; study: string; text: Message }
  | { status: 'cancelled'; study: string; text: Message }
  | { status: 'failed'; study: string; text: Message; code: SynthesisErrorCode };

/** State of the panel; a new object at every change. */
export interface SessionState {
  plan: Plan | null;
  targets: readonly RoleId[];
  /** Parameters of the targets that the model lets a user choose. */
  controls: readonly TargetControl[];
  /** What must be known of the chosen targets, where the bundle says it: English sentences. */
  cautions: ReadonlyMap<RoleId, string>;
  /** Checks of the plan; null without sources or targets. */
  preflight: PreflightReport | null;
  /** Identities of the findings that the user has acknowledged. */
  acknowledged: ReadonlySet<string>;
  /** The model that the next job uses; null while it is unknown or unusable. */
  model: { name: string; card: ModelCard } | null;
  /** The models that the site offers, and the address of the one in use; null where it offers one alone. */
  modelChoice: { models: readonly OfferedModel[]; chosen: string } | null;
  /** The models of which this machine keeps networks. */
  keptModels: readonly KeptModel[];
  /** How many slices may be made instead of all, and whether they are; null where all is soon made. */
  someSlices: { count: number; chosen: boolean } | null;
  /** The site's server, and whether this machine was chosen instead; null where none can run the model. */
  server: { host: string; here: boolean } | null;
  job: Job;
  /** Results of the active study. */
  results: readonly Result[];
  /** SeriesInstanceUID of the synthetic series that is shown beside its sources. */
  compared: string | undefined;
  /** Their self-checks, by SeriesInstanceUID. */
  checks: ReadonlyMap<string, ResultCheck>;
}

/** What holds where no study is open. */
export const NO_STUDY = {
  plan: null,
  targets: [],
  controls: [],
  cautions: new Map(),
  preflight: null,
  someSlices: null,
  results: [],
  compared: undefined,
  checks: new Map(),
} satisfies Partial<SessionState>;

/** Before anything is known. */
export const INITIAL: SessionState = {
  ...NO_STUDY,
  acknowledged: new Set(),
  model: null,
  modelChoice: null,
  keptModels: [],
  server: null,
  job: { status: 'idle' },
};
