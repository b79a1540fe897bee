import type * as z from 'zod/mini';
import type { CommonManifest } from '../bundle/fields';
import type { Dataset } from '../dicom/Dataset';
import type { Network } from '../inference/Runtime';
import type { Message } from '../messages';
import type { PreflightFacts } from '../preflight/facts';
import type { Finding } from '../preflight/report';
import type { StepOptions } from '../progress';
import type { RegistrationLimits } from '../registration/limits';
import type { Volume } from '../volume/Volume';
import type { Recognition, RecognizedSeries } from './Recognition';
import type { Region } from './Region';
import type { RoleId } from './Role';
import type { TellingSeries, Told } from './Told';

/** Finds the region of a domain; `M` is the description of its bundle. */
export interface RegionFinder<M extends CommonManifest, R extends Region> {
  /** `normalization.region` in bundle.json, and the name of its stage. */
  readonly id: string;
  /** Id of the bundle that finds it, unless another is named. */
  readonly bundle: string;
  /** Its bundle.json. */
  readonly manifest: z.ZodMiniType<M>;
  /** Names of the networks that it runs. */
  readonly networks: readonly string[];
  /** Smallest plausible volume, mL; else the search failed or the field of view misses the region. */
  readonly smallest: number;
  /**
   * @param volumes acquired series in LPS, any grids, registered with each other
   * @param reference the one of them that gives the axes
   * @param network of the bundle, by its name
   * @throws SynthesisError `no-overlap` or `cancelled`
   */
  find(
    volumes: ReadonlyMap<RoleId, Volume>,
    reference: RoleId,
    rules: M,
    network: (name: string) => Network,
    options?: StepOptions,
  ): Promise<R>;
}

/** A check of the preflight. */
export interface PreflightCheck {
  label: Message;
  /** Whether there is anything to check; default: always. */
  applies?(facts: PreflightFacts): boolean;
  /** Null: the facts of the check are not known yet. */
  run(facts: PreflightFacts, domain: Domain): Finding | null;
}

/** What a site says of its own protocols. */
export interface Site {
  /** Usual dose of a contrast agent, mmol a kg. */
  fullDose?: number;
}

/** What a domain says in its own words. */
export interface DomainWords {
  /** "a brain MR study" */
  study: Message;
  /** "Brain" */
  region: Message;
  /** A clause: no series has a role. */
  unrecognized: Message;
  /** What was found is too small to be the region. */
  tooSmall(found: { millilitres: number }): Message;
  /** A share of the region lies outside the model's field of view, mm. */
  outside(view: { percent: number; width: number; height: number }): Message;
  /** Two series may show different patients. */
  doubtful(series: { source: Message; reference: Message }): Message;
  doubtfulRemedy: Message;
}

/** An anatomy in a modality: everything that is not the same for the brain in MR and the abdomen in CT. */
export interface Domain<M extends CommonManifest = CommonManifest, R extends Region = Region> {
  readonly id: string;
  /** Its own texts by code; codes begin with its id, or are the names of its roles (`roleLabel`). */
  readonly catalogs: Readonly<Record<'en' | 'de', Readonly<Record<string, string>>>>;
  /** What series can be, in the order of display, with their English names for DICOM and for scripts. */
  readonly roles: Readonly<Record<RoleId, string>>;
  /** Roles that can be made; of the others only models know that take them (`planningDomain`). */
  readonly makes: readonly RoleId[];
  /** Recognizes the roles of all series of a study, in their order. Never throws. */
  recognize(series: readonly RecognizedSeries[], site?: Site): Recognition[];
  /**
   * What the headers of the sources tell of a target's parameter, by its name and in its unit; undefined for
   * a parameter of which headers tell nothing.
   */
  told(parameter: string, sources: ReadonlyMap<RoleId, TellingSeries>, site?: Site): Told | undefined;
  /** What a series looks like by its pixels that has none of the roles, as a phrase: a phase, fat alone. */
  otherKind(volume: Volume): Message | null;
  /** Extents that hold the whole region: along the slices' normal, in their plane, and its height, mm. */
  readonly extent: { along: number; inPlane: number; height: number };
  /** Slice spacing from which a source needs a warning, and from which it is useless, mm. */
  readonly sliceSpacing: { amber: number; red: number };
  readonly registration: RegistrationLimits;
  readonly region: RegionFinder<M, R>;
  /** Whether the series show the whole region; whether the region that was found is plausible. */
  readonly checks: Readonly<Record<'coverage' | 'head', PreflightCheck>>;
  /** Attributes of a derived image: its SOP class, modality, body part and what that class demands. */
  readonly output: Dataset;
  /**
   * Between which percentiles of the region a synthetic image of a role is displayed at first, so that a
   * reader tells its tissues apart.
   */
  readonly windows: Readonly<Record<RoleId, readonly [low: number, high: number]>>;
  readonly words: DomainWords;
  /** What must be said of a synthetic image of this role from these, besides that it is predicted. */
  cautions(target: RoleId, sources: readonly RoleId[]): Message[];
  /** What a self-check on acquired series cannot say of this role. */
  checkCautions(target: RoleId): Message[];
}
