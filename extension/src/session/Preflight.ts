import {
  asSynthesisError,
  type Domain,
  domainOfModel,
  factsOfFailure,
  flopsOf,
  hostOf,
  identityOf,
  isMessage,
  type Job,
  type JobPlan,
  jobSeconds,
  type MeasuredSources,
  type Message,
  type ModelCard,
  type ModelLookUp,
  measureSources,
  type PreflightReport,
  planningDomain,
  preflightFacts,
  type RoleId,
  type RunOptions,
  runPreflight,
  type ServerFacts,
  type ServerPlace,
  selfCheckSeconds,
  type Target,
  type TargetDeclaration,
  type TargetParameters,
} from '@modality-synthesis/engine';
import { message } from '../i18n/message';
import type { Configuration } from './configuration';
import { modelAddresses, modelPlace, serverPlace } from './endpoints';
import { loadThroughput, saveThroughput, type ThroughputKey } from './throughput';
import type { Assets, EnginePort, Plan, StudySeries, ViewerPort } from './ViewerPort';

/** How many slices are offered alone. */
export const SOME_SLICES = 9;
/** They are offered where the whole takes longer, s, and they at most half of it. */
const LONG = 60;

/** A model that a reader may choose. */
export interface OfferedModel {
  address: string;
  /** Absent where its description cannot be read. */
  card?: ModelCard & { name: string };
}

/**
 * Facts for the checks before a job: from headers and manifest at once, from pixels after they are read.
 * Measures the same sources only once.
 */
export class Preflight {
  private found: ModelLookUp | Message | undefined;
  /** Address of the model that a person chose. */
  private chosen: string | undefined;
  private offered: readonly OfferedModel[] = [];
  private offering: Promise<void> | undefined;
  private lookingUp: Promise<void> | undefined;
  /** Kept for the job. */
  private measurement: { of: string; sources: MeasuredSources; seconds: number } | undefined;
  /** Facts of the last measurement; they outlive its pixels. */
  private lastFacts:
    | ({ of: string } & Pick<MeasuredSources, 'pixels'> & Partial<MeasuredSources>)
    | undefined;
  /** A person chose this machine instead of the site's server. */
  private here = false;
  private readonly acknowledgedWarnings = new Set<string>();

  /** @param onChange called after each model look-up */
  constructor(
    private readonly viewer: ViewerPort,
    private readonly engine: EnginePort,
    private readonly assets: Assets,
    private readonly configuration: () => Configuration,
    private readonly onChange: () => void,
  ) {}

  /** The model; undefined while it is unknown or unusable. */
  get model(): ModelLookUp | undefined {
    return isMessage(this.found) ? undefined : this.found;
  }

  /** Name and card of the model; null while it is unknown or unusable. */
  get modelCard(): { name: string; card: ModelCard } | null {
    const manifest = this.model?.models.synthesis.manifest;
    return manifest ? { name: `${manifest.name} ${manifest.version}`, card: cardOf(manifest) } : null;
  }

  /** The models that the site offers, and the address of the one in use; null where it offers one alone. */
  get modelChoice(): { models: readonly OfferedModel[]; chosen: string } | null {
    const { site, offered } = this;
    return site && offered.length > 1 ? { models: offered, chosen: this.addressIn(site) } : null;
  }

  /** Uses another of the models. */
  async chooseModel(address: string): Promise<void> {
    await this.lookingUp;
    this.chosen = address;
    this.found = undefined;
    this.clear();
    this.lastFacts = undefined;
    await this.lookUpAgain();
  }

  /** Where the networks of the next job run if not here. */
  get server(): ServerPlace | undefined {
    const served = this.model?.models.synthesis.method.served;
    return served && !this.here ? this.configuredServer : undefined;
  }

  /** The site's server, if the model can run there, and whether it does. */
  get serverChoice(): { host: string; here: boolean } | null {
    const place = this.configuredServer;
    if (!place || !this.model?.models.synthesis.method.served) return null;
    return { host: hostOf(place), here: this.here };
  }

  /** Chooses this machine instead of the site's server, or the server again. */
  chooseHere(here: boolean): void {
    this.here = here;
  }

  /** That of the model, with its roles; while it is unknown the first there is. */
  get domain(): Domain {
    const { model, site } = this;
    return model ? domainOfModel(model.models.synthesis, site) : planningDomain(undefined, site);
  }

  /** Looks up the model unless it is known. */
  lookUp(): Promise<void> {
    return this.found === undefined ? this.lookUpAgain() : Promise.resolve();
  }

  /**
   * Looks up the model and which networks are kept; done after each job.
   * @param fresh after a failed job: reads the descriptions again, because the bundle may have been replaced
   */
  lookUpAgain(fresh = false): Promise<void> {
    this.lookingUp ??= this.readModel(fresh).finally(() => {
      this.lookingUp = undefined;
      this.onChange();
    });
    return this.lookingUp;
  }

  /** Waits for a look-up under way; looks up again where there is no usable model. */
  ready(): Promise<void> {
    return this.model ? (this.lookingUp ?? Promise.resolve()) : this.lookUpAgain();
  }

  /**
   * Checks a plan with the facts so far; null without sources or targets.
   * @param chosen the targets with the parameters only that a person set
   * @param slices how many are made, if not all
   */
  report(
    plan: Plan,
    targets: readonly RoleId[],
    chosen: readonly Target[] = [],
    slices?: number,
  ): PreflightReport | null {
    if (!isRunnable(plan) || targets.length === 0) return null;
    return runPreflight(this.facts(plan, targets, chosen, slices), plan.domain);
  }

  /** Whether a job is so long that some slices of it are worth offering. */
  offersSlices(plan: Plan, targets: readonly RoleId[]): boolean {
    if (!isRunnable(plan) || targets.length === 0) return false;
    const facts = this.facts(plan, targets);
    const [whole, some] = [facts, { ...facts, slices: SOME_SLICES }].map(one => jobSeconds(one, plan.domain));
    return whole !== undefined && some !== undefined && whole > LONG && some <= whole / 2;
  }

  /** Parameters of a target that a user can choose; empty while the model is unknown. */
  parameters(target: RoleId): TargetParameters {
    if (!this.model) return {};
    const { method, manifest } = this.model.models.synthesis;
    return method.parameters?.(manifest, target) ?? {};
  }

  /** What the model says of a target that is not for every use. */
  declared(target: RoleId): TargetDeclaration | undefined {
    return this.model?.models.synthesis.manifest.targets?.[target];
  }

  /** Whether the measured sources of this plan are still in memory. */
  isCached(plan: Plan): boolean {
    return this.measurement?.of === identity(plan);
  }

  /** Reads and measures the sources of a job, or returns the cached measurement. */
  async measure(job: Job<StudySeries>, run: RunOptions): Promise<MeasuredSources> {
    const of = identity(job.plan);
    if (this.measurement?.of === of) return this.measurement.sources;
    this.clear();
    const began = performance.now();
    try {
      const sources = await measureSources(job, { study: this.viewer, executor: this.engine }, run);
      this.measurement = { of, sources, seconds: (performance.now() - began) / 1000 };
      const { pixels, flopsPerSecond } = sources;
      this.lastFacts = { of, pixels, flopsPerSecond };
      return sources;
    } catch (thrown) {
      const pixels = factsOfFailure(thrown);
      if (pixels) this.lastFacts = { of, pixels };
      throw thrown;
    }
  }

  /** Releases the pixels. */
  clear(): void {
    this.measurement?.sources.open.close();
    this.measurement = undefined;
  }

  /**
   * Saves the throughput of the job whose sources are measured, for the next estimate.
   * @param seconds of its second half
   */
  recordThroughput({ plan, targets, slices }: Job<StudySeries>, seconds: number): void {
    // What every job takes besides would count too much.
    if (slices) return;
    const ids = targets.map(({ id }) => id);
    const flops = flopsOf(this.facts(plan, ids), plan.domain);
    const whole = (this.measurement?.seconds ?? 0) + seconds;
    if (flops && this.model) saveThroughput(this.throughputKey(this.model), flops / whole);
  }

  /** Expected duration of the self-check of a job, s; undefined while unknown. */
  selfCheckSeconds({ plan, targets }: Job<StudySeries>): number | undefined {
    const ids = targets.map(({ id }) => id);
    return selfCheckSeconds(this.facts(plan, ids), plan.domain);
  }

  /** @param warning identity of a finding: its code and values */
  acknowledge(warning: string, acknowledged: boolean): void {
    if (acknowledged) this.acknowledgedWarnings.add(warning);
    else this.acknowledgedWarnings.delete(warning);
  }

  get acknowledged(): ReadonlySet<string> {
    return new Set(this.acknowledgedWarnings);
  }

  private async readModel(fresh: boolean): Promise<void> {
    try {
      const site = this.configuration();
      this.offering ??= this.readOffered(site);
      const address = this.addressIn(site);
      const place = modelPlace(site, this.assets, address);
      const found = await this.engine.lookUp(fresh ? { ...place, fresh } : place);
      this.found = found;
      // It may not have been readable when the page opened.
      this.offered = this.offered.map(one => (one.address === address ? offer(address, found) : one));
    } catch (thrown) {
      const error = asSynthesisError(thrown, 'bundle-invalid', message('model/failed'));
      if (error !== thrown) console.error('[modality-synthesis]', thrown);
      // A model that was there is still kept on this machine where the network is gone.
      if (!this.model || error.code !== 'bundle-unreachable') this.found = error.text;
    }
  }

  private addressIn(site: Configuration): string {
    const addresses = modelAddresses(site, this.assets);
    return addresses.find(one => one === this.chosen) ?? addresses[0];
  }

  /** Asks the models what they are; the one that is used does not wait for it. One alone is not offered. */
  private async readOffered(site: Configuration): Promise<void> {
    const addresses = modelAddresses(site, this.assets);
    if (addresses.length === 1) return;
    const read = async (address: string): Promise<OfferedModel> => {
      try {
        return offer(address, await this.engine.lookUp(modelPlace(site, this.assets, address)));
      } catch {
        // Chosen, it says why in the checks.
        return { address };
      }
    };
    this.offered = await Promise.all(addresses.map(read));
    this.onChange();
  }

  /** Undefined for an invalid configuration, which is told where a job starts. */
  private get site(): Configuration | undefined {
    try {
      return this.configuration();
    } catch {
      return undefined;
    }
  }

  private get configuredServer(): ServerPlace | undefined {
    const { site } = this;
    return site && serverPlace(site);
  }

  private serverFacts(): ServerFacts | undefined {
    const { site, here } = this;
    const place = site && serverPlace(site);
    return place && { host: hostOf(place), here, consented: site.server?.consent ?? false };
  }

  private throughputKey({ models, settings }: ModelLookUp): ThroughputKey {
    const { sha256 } = models.synthesis;
    if (!this.server) return { sha256, settings };
    const { text } = settings;
    const server = { runtime: 'open-inference-protocol', provider: 'server', precision: 'fp32' } as const;
    return { sha256, settings: { ...server, text } };
  }

  private facts(
    plan: JobPlan<StudySeries>,
    targets: readonly RoleId[],
    chosen: readonly Target[] = [],
    slices?: number,
  ) {
    const measured = this.lastFacts?.of === identity(plan) ? this.lastFacts : undefined;
    const known = this.model && loadThroughput(this.throughputKey(this.model));
    // The speed of the region's network here says nothing of a server.
    const flopsPerSecond = known ?? (this.server ? undefined : measured?.flopsPerSecond);
    const machine = { flopsPerSecond, memory: deviceMemory() };
    const server = this.serverFacts();
    return preflightFacts(
      { plan, targets, chosen, slices, model: this.found, machine, pixels: measured?.pixels, server },
      this.viewer,
    );
  }
}

function isRunnable(plan: Plan): plan is JobPlan<StudySeries> {
  return plan.reference !== null;
}

/** Warnings of a report that the user has not acknowledged. */
export function unacknowledged({ checks }: PreflightReport, acknowledged: ReadonlySet<string>): string[] {
  const warnings = checks.filter(check => check.level === 'amber').map(check => identityOf(check.text));
  return warnings.filter(warning => !acknowledged.has(warning));
}

/** What a manifest says of the model's use. */
export function cardOf({ intended_use, not_for, limitations }: ModelCard): ModelCard {
  return { intended_use, not_for, limitations };
}

function offer(address: string, { models }: ModelLookUp): OfferedModel {
  const { manifest } = models.synthesis;
  return { address, card: { ...cardOf(manifest), name: manifest.name } };
}

/** The parts of a plan that its measurement depends on. */
function identity({ reference, sources }: Plan): string {
  return [reference, ...[...sources].map(([role, s]) => `${role} ${s.id}`)].join();
}

/** Memory in bytes, where the browser reports it: Chromium, rounded and at most 8 GiB. */
function deviceMemory(): number | undefined {
  if (typeof navigator === 'undefined') return undefined;
  const { deviceMemory: gibibytes } = navigator as { deviceMemory?: number };
  return gibibytes && gibibytes * 2 ** 30;
}
