import type { Contrast } from '../contrast/Contrast';
import type { Confidence } from '../contrast/recognize';
import { SynthesisError, type SynthesisErrorCode } from '../errors';
import type { FoundBrain } from '../findBrain';
import type { Message, Text } from '../messages';
import type { Options } from '../methods/Method';
import type { Model } from '../models';
import type { Grid } from '../volume/Volume';

/** A series that is to be a source. */
export interface SourceFacts {
  contrast: Contrast;
  /** SeriesDescription, for people. */
  description: Text;
  /** Of what it was recognized as; absent where a person chose. */
  confidence?: Confidence;
  /** Where its voxels lie, or the text why it cannot be used. */
  grid: Grid | Message;
}

/** What registration found out about one source and the reference. */
export interface MotionFacts {
  verdict: 'aligned' | 'registered';
  /** Largest shift of the brain, mm. */
  millimetres: number;
  degrees: number;
  /** Whether the source fits no better than another head would. */
  doubtful: boolean;
}

/** Errors that say that sources cannot be brought together. */
const APART: readonly SynthesisErrorCode[] = ['no-overlap', 'registration-failed'];

/** What is known of the pixels when bringing the sources together failed; nothing when something else did. */
export function factsOfFailure(thrown: unknown): PixelFacts | undefined {
  return thrown instanceof SynthesisError && APART.includes(thrown.code)
    ? { alignment: thrown.text }
    : undefined;
}

/** What reading the pixels showed. */
export interface PixelFacts {
  /** Absent where the sources cannot be brought together. */
  brain?: FoundBrain;
  /** Of every source but the reference, or the text why they cannot be brought together. */
  alignment: ReadonlyMap<Contrast, MotionFacts> | Message;
}

/** What the model is, or the text why it cannot be used. */
export type ModelFacts = (Pick<Model, 'manifest' | 'method'> & { options: Options }) | Message;

export interface MachineFacts {
  /** Where the networks will run, one text. */
  provider: Text;
  /** Operations per second of networks as they ran here; absent before the first time. */
  flopsPerSecond?: number;
  /** Memory of the machine, bytes; absent where it does not say. */
  memory?: number;
}

export interface DownloadFacts {
  /** All files of the networks, bytes. */
  needed: number;
  /** Those that are not on this machine yet, bytes. */
  missing: number;
}

/** All that preflight looks at; what is absent is not known yet, and the checks that need it wait. */
export interface PreflightFacts {
  sources: readonly SourceFacts[];
  reference: Contrast;
  targets: readonly Contrast[];
  model?: ModelFacts;
  machine?: MachineFacts;
  download?: DownloadFacts;
  pixels?: PixelFacts;
}

/** Sources whose geometry can be used. */
export function placed({ sources }: PreflightFacts): (SourceFacts & { grid: Grid })[] {
  return sources.filter((s): s is SourceFacts & { grid: Grid } => 'dims' in s.grid);
}

/** Grid of the reference; absent when the series cannot be used. */
export function referenceGrid(facts: PreflightFacts): Grid | undefined {
  return placed(facts).find(s => s.contrast === facts.reference)?.grid;
}
