import type { BaseManifest } from '../bundle/fields';
import type { InputFeatures } from '../distribution/InputFeatures';
import type { Confidence } from '../domains/Recognition';
import type { Region } from '../domains/Region';
import type { RoleId } from '../domains/Role';
import type { Told } from '../domains/Told';
import { SynthesisError, type SynthesisErrorCode } from '../errors';
import type { Message, Text } from '../messages';
import type { Method, Options } from '../methods/Method';
import type { Grid } from '../volume/Volume';

/** A series planned as a source. */
export interface SourceFacts {
  role: RoleId;
  /** SeriesDescription, for people. */
  description: Text;
  /** Confidence of the recognition; absent if the user chose. */
  confidence?: Confidence;
  /** Its grid, or the message why it is unusable. */
  grid: Grid | Message;
}

/** Whom a series shows. */
export interface PatientFacts {
  /** SeriesDescription, for people. */
  series: Text;
  /** Name, ID and date of birth. */
  patient: string;
}

/** Series of which each may have a role. */
export interface RivalFacts {
  role: RoleId;
  /** Whether the role counts as missing; else the first of the series is its source. */
  missing: boolean;
  /** SeriesDescriptions, for people; at least one. */
  series: readonly Text[];
}

/** Result of the registration of one source. */
export interface MotionFacts {
  verdict: 'aligned' | 'registered';
  /** Largest shift of the region, mm. */
  millimetres: number;
  degrees: number;
  /** The source fits no better than one of another patient would. */
  doubtful: boolean;
}

/** Errors of sources that cannot be aligned. */
const ALIGNMENT_ERRORS: readonly SynthesisErrorCode[] = ['no-overlap', 'registration-failed'];

/** Pixel facts after a failed alignment; undefined for other errors. */
export function factsOfFailure(thrown: unknown): PixelFacts | undefined {
  return thrown instanceof SynthesisError && ALIGNMENT_ERRORS.includes(thrown.code)
    ? { alignment: thrown.text }
    : undefined;
}

/** What the pixels of a source said as they were read. */
export interface ReadFacts {
  /** What they look like that is none of the roles: "a fat image: the brain is darker than the scalp". */
  otherKind?: Message;
  /** What all values had too much; taken away. */
  offset?: number;
}

/** Facts from the pixels. */
export interface PixelFacts<R extends Region = Region> {
  /** Absent if the sources cannot be aligned. */
  region?: R;
  /** By source, without the reference; or the message why they cannot be aligned. */
  alignment: ReadonlyMap<RoleId, MotionFacts> | Message;
  /** Sources of which something is to be told. */
  read?: ReadonlyMap<RoleId, ReadFacts>;
  /** What the inputs look like to the model; absent where it does not say what it was trained on. */
  features?: InputFeatures;
}

/** The model, or the message why it is unusable. */
export type ModelFacts = { manifest: BaseManifest; method: Method; options: Options } | Message;

export interface MachineFacts {
  /** Where the networks will run. */
  provider: Text;
  /** Operations of the networks per second of a whole job, measured or expected; absent before the first. */
  flopsPerSecond?: number;
  /** Memory of the machine, bytes; absent if unknown. */
  memory?: number;
}

/** The site's server, which can run methods that are `served`. */
export interface ServerFacts {
  host: string;
  /** Whether the site answers for it that images go there: nobody is asked. */
  consented: boolean;
  /** Whether a person chose this machine instead. */
  here: boolean;
}

export interface DownloadFacts {
  /** All files of the networks, bytes. */
  needed: number;
  /** Files not yet on this machine, bytes. */
  missing: number;
}

/** A parameter of a target that headers may tell. */
export interface ParameterFacts {
  label: Text;
  unit?: string;
  value: number;
  told: Told;
  /** Whether a person set it. */
  chosen: boolean;
}

/** What is known of the parameters of the targets. */
export interface TargetFacts {
  parameters: readonly ParameterFacts[];
  /** What contradicts itself in them. */
  doubts: readonly Message[];
}

/** Input of preflight. Absent facts are not known yet; the checks that need them are pending. */
export interface PreflightFacts<R extends Region = Region> {
  sources: readonly SourceFacts[];
  /** Two series of the study, sources or not, that name different patients; empty if none do. */
  patients: readonly PatientFacts[];
  /** Into how many studies the export or an anonymizer seems to have split it; 1 or absent: it is whole. */
  parts?: number;
  /** StudyDates of the sources, each once; absent: one. */
  dates?: readonly string[];
  /** Whether no series of the study has more than one image; absent: one has. */
  single?: boolean;
  /** What nothing that was read decides. */
  rivals: readonly RivalFacts[];
  reference: RoleId;
  targets: readonly RoleId[];
  /** How many slices of the reference are made; absent: all. */
  slices?: number;
  /** Absent while the model is unknown. */
  parameters?: TargetFacts;
  model?: ModelFacts;
  machine?: MachineFacts;
  download?: DownloadFacts;
  /** Absent where the site has none. */
  server?: ServerFacts;
  pixels?: PixelFacts<R>;
}

/** Sources with a usable geometry. */
export function usableSources({ sources }: PreflightFacts): (SourceFacts & { grid: Grid })[] {
  return sources.filter((s): s is SourceFacts & { grid: Grid } => 'dims' in s.grid);
}

/** Grid of the reference; undefined if the series is unusable. */
export function referenceGrid(facts: PreflightFacts): Grid | undefined {
  return usableSources(facts).find(s => s.role === facts.reference)?.grid;
}
