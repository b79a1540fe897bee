import type * as z from 'zod/mini';
import type { BaseManifest } from '../bundle/fields';
import type { RoleId } from '../domains/Role';
import type { Network } from '../inference/Runtime';
import type { ServedModel } from '../inference/ServedModel';
import type { Message, Text } from '../messages';
import type { LesionProbabilities } from '../volume/LesionProbabilities';
import type { Mask } from '../volume/Mask';
import type { Volume } from '../volume/Volume';

/**
 * Volumes on the bundle's grid: normalized, 0 outside the region; all on one grid of [columns, rows, slices]
 * with i to the left, j to the back, k to the head.
 */
export type Stack = ReadonlyMap<RoleId, Volume>;

/** What to make. */
export interface Target {
  id: RoleId;
  /** By name, as the method declares them for this role. */
  parameters?: Readonly<Record<string, number>>;
}

/** A number that a person may choose. */
export interface Parameter {
  label: Text;
  unit?: string;
  min: number;
  max: number;
  /** Whether only whole numbers count. */
  whole?: boolean;
  /** Of a slider, which the panel shows besides where there is one. */
  step?: number;
}

/** What a person may choose of a target, by name; `default` where nobody does. */
export type TargetParameters = Readonly<Record<string, Parameter & { default: number }>>;

/**
 * Options of a method as everything outside its folder sees them: plain data for a worker's border and JSON.
 */
export type Options = Readonly<Record<string, unknown>>;

/** What a person may read of how a result was made: term and value. */
export type Detail = readonly [term: Text, value: Text];

/** What a method is doing, in its own units. */
export interface MethodStep {
  /** Id of one of its stages. */
  stage: string;
  done: number;
  of: number;
  target?: RoleId;
}

export interface MethodStage {
  /** Unlike those of the other stages of a job (progress.ts). */
  id: string;
  /** Share of the time that the method takes, in any unit. */
  weight: number;
  /** What a person reads meanwhile. */
  text(step: MethodStep): Message;
}

/** What is predicted of one target; all volumes are 0 outside the region. */
export interface Prediction {
  /** In [0, ceiling]. */
  mean: Volume;
  /** Computed of what is kept when it is called: a job that nobody asks pays nothing. */
  uncertainty(): Uncertainty;
  /** Absent where the model does not look for lesions. */
  lesions?(): LesionProbabilities;
}

/** How far a prediction may be off. */
export interface Uncertainty {
  /** The expected absolute error, normalized units. */
  spread: Volume;
  /** Where something cannot be told, if the bundle knows; an English sentence of the bundle says what. */
  indeterminate?: { mask: Mask; text: string };
}

/** One run of a method. */
export interface MethodJob<M, O> {
  manifest: M;
  /** Network of the bundle by its name. */
  network: (name: string) => Network;
  /** The bundle on a server, which runs in place of its networks; for methods that are `served`. */
  server?: ServedModel;
  sources: Stack;
  /** The region on the sources' grid, 0 or 1; the result is 0 elsewhere. */
  region: Mask;
  targets: readonly Target[];
  options: O;
  /** The same seed gives the same pixels on the same provider and number of threads. */
  seed: number;
  onStep?: (step: MethodStep) => void;
  signal?: AbortSignal;
}

/** The model's slices along k: how many, how far apart in mm, and on how many of them a result is wanted. */
export interface Slices {
  depth: number;
  spacing: number;
  wanted: number;
}

/**
 * A way to synthesize what is missing (docs/adding-a-method.md). `M` is the bundle's description, `O` the
 * options: both are known to the method's own folder only.
 */
export interface Method<M extends BaseManifest = BaseManifest, O extends Options = Options> {
  /** `method` in bundle.json and in the record; in capitals, the name in the series' description. */
  readonly id: string;
  /** Id of the bundle that is used unless another is named. */
  readonly bundle: string;
  /** Its own texts by code, where it has any (messages/); codes begin with its id. */
  readonly catalogs?: Readonly<Record<'en' | 'de', Readonly<Record<string, string>>>>;
  /** bundle.json. */
  readonly manifest: z.ZodMiniType<M> & z.core.$ZodTypeDiscriminable;
  /** Every option of a job, as the record holds them; unknown ones are refused. */
  readonly options: z.ZodMiniType<O>;
  /** Options of its earlier versions: their records can be read, but nothing can be made again from them. */
  readonly earlierOptions?: z.ZodMiniType<Options>;
  /** Whether a server can run it (docs/server.md). */
  readonly served?: boolean;
  /** Options that the command line and a site's configuration may set. */
  readonly settings: Readonly<Record<string, Parameter>>;
  /** In the order in which they run. */
  readonly stages: readonly MethodStage[];
  /** The options where nothing but the bundle decides. */
  defaults(manifest: M): O;
  /** The roles that it makes, where it does not make all of the bundle's. */
  makes?(manifest: M): readonly RoleId[];
  /** Roles without which it makes nothing. */
  needs?(manifest: M): readonly RoleId[];
  /** What a target needs to be told besides, where it needs anything. */
  parameters?(manifest: M, target: RoleId): TargetParameters;
  /** What a person should look at in a target's parameters, where they contradict each other. */
  doubts?(manifest: M, target: Target): Message[];
  /** Names of the networks that a job needs. */
  networks(manifest: M, sources: readonly RoleId[], targets: readonly Target[], options: O): string[];
  /** Operations of the networks of a whole job with the parameters' defaults, 2 per multiply-add. */
  flops(
    manifest: M,
    slices: Slices,
    sources: readonly RoleId[],
    targets: readonly RoleId[],
    options: O,
  ): number;
  /** What the panel says of the options; the parameters of the target it tells besides. */
  details(options: O, seed: number, target: Target): Detail[];
  /** @throws SynthesisError `cancelled`, or `plan-invalid` for options that this bundle cannot serve */
  run(job: MethodJob<M, O>): Promise<ReadonlyMap<RoleId, Prediction>>;
}
