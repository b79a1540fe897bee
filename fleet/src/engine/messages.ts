/** What a worker and its engine tell each other; plain data. */
import type { MadeOutcome, StudyJob } from '../StudyJob';

/** A study whose files are there. */
export interface EngineRequest {
  job: StudyJob;
  /** Folder with its files. */
  study: string;
  /** Folder for the results, one subfolder a target. */
  out: string;
  /** Folders of the bundles; this repository's by default. */
  bundle?: string;
  regionBundle?: string;
  provider: EngineProvider;
  /** Runs the networks. */
  server?: string;
}

export type EngineProvider = 'cpu' | 'webgpu';

export type EngineAnswer =
  /** Of the whole job, 0 to 1. */
  | { progress: number }
  | Pick<MadeOutcome, 'series' | 'seconds'>
  /** A SynthesisError of the study, or of this machine. */
  | { code: string; isOfStudy: boolean; log: string };
