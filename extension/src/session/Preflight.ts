import {
  factsOfFailure,
  flopsOf,
  identityOf,
  type Job,
  type JobPlan,
  jobSeconds,
  type MeasuredSources,
  type ModelLookUp,
  measureSources,
  type PreflightReport,
  preflightFacts,
  type RoleId,
  type RunOptions,
  runPreflight,
  selfCheckSeconds,
  type Target,
} from '@modality-synthesis/engine';
import type { ModelInUse } from './ModelInUse';
import { loadThroughput, saveThroughput, type ThroughputKey } from './throughput';
import type { EnginePort, Plan, StudySeries, ViewerPort } from './ViewerPort';

/** How many slices are offered alone. */
export const SOME_SLICES = 9;
/** They are offered where the whole takes longer, s, and they at most half of it. */
const LONG = 60;
/** FLOPs of networks per second of a processor of two cores, for that offer before the first job. */
const USUAL = 20e9;

/**
 * Facts for the checks before a job: from headers and manifest at once, from pixels after they are read.
 * Measures the same sources only once.
 */
export class Preflight {
  /** Kept for the job. */
  private measurement: { of: string; sources: MeasuredSources; seconds: number } | undefined;
  /** Facts of the last measurement; they outlive its pixels. */
  private lastFacts:
    | ({ of: string } & Pick<MeasuredSources, 'pixels'> & Partial<MeasuredSources>)
    | undefined;
  private readonly acknowledgedWarnings = new Set<string>();

  constructor(
    private readonly viewer: ViewerPort,
    private readonly engine: EnginePort,
    private readonly model: ModelInUse,
  ) {}

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
    const { machine, ...known } = this.facts(plan, targets);
    const usual = this.model.usable?.settings.provider === 'wasm' ? USUAL : undefined;
    const flopsPerSecond = machine?.flopsPerSecond ?? usual;
    const facts = { ...known, machine: machine && { ...machine, flopsPerSecond } };
    const [whole, some] = [facts, { ...facts, slices: SOME_SLICES }].map(one => jobSeconds(one, plan.domain));
    return whole !== undefined && some !== undefined && whole > LONG && some <= whole / 2;
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

  /** Releases the pixels and what is known of them. */
  forget(): void {
    this.clear();
    this.lastFacts = undefined;
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
    const { usable } = this.model;
    if (flops && usable) saveThroughput(this.throughputKey(usable), flops / whole);
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

  private throughputKey({ models, settings }: ModelLookUp): ThroughputKey {
    const { sha256 } = models.synthesis;
    if (!this.model.server) return { sha256, settings };
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
    const { found, usable, server, serverFacts } = this.model;
    const known = usable && loadThroughput(this.throughputKey(usable));
    // The speed of the region's network here says nothing of a server.
    const flopsPerSecond = known ?? (server ? undefined : measured?.flopsPerSecond);
    const machine = { flopsPerSecond, memory: deviceMemory() };
    const { pixels } = measured ?? {};
    return preflightFacts(
      { plan, targets, chosen, slices, model: found, machine, pixels, server: serverFacts },
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
