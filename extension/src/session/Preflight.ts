import {
  type Contrast,
  downloadSize,
  factsOfFailure,
  flopsOf,
  identityOf,
  isMessage,
  type Message,
  type PixelFacts,
  type PreflightFacts,
  type PreflightReport,
  runPreflight,
  SynthesisError,
  type TargetParameters,
} from '@modality-synthesis/engine';
import type { BrainOutcome, ModelLookUp } from '@modality-synthesis/engine/web';
import type { Configuration } from './configuration';
import { resolveAssets } from './endpoints';
import { measureSources, type SourceMeasurement } from './measureSources';
import { loadThroughput, saveThroughput } from './throughput';
import type { Assets, EnginePort, Plan, StudySeries, ViewerPort } from './ViewerPort';

/**
 * Facts for the checks before a job: from headers and manifest at once, from pixels after they are read.
 * Measures the same sources only once.
 */
export class Preflight {
  private model: ModelLookUp | Message | undefined;
  private lookingUp: Promise<void> | undefined;
  /** Kept for the job. */
  private measurement: (SourceMeasurement & { of: string }) | undefined;
  /** Facts of the last measurement; they outlive its pixels. */
  private lastFacts: { of: string; pixels: PixelFacts; brain?: BrainOutcome } | undefined;
  private readonly acknowledgedWarnings = new Set<string>();

  /** @param onChange called after each model look-up */
  constructor(
    private readonly viewer: ViewerPort,
    private readonly engine: EnginePort,
    private readonly assets: Assets,
    private readonly configuration: () => Configuration,
    private readonly onChange: () => void,
  ) {}

  /** Looks up the model unless it is known; with `retry`, also after a failed look-up. */
  lookUp(retry = false): Promise<void> {
    if (this.model !== undefined && !(retry && isMessage(this.model))) return Promise.resolve();
    this.lookingUp ??= this.readModel().finally(() => {
      this.lookingUp = undefined;
      this.onChange();
    });
    return this.lookingUp;
  }

  /** Checks a plan with the facts so far; null without sources or targets. */
  report(plan: Plan, targets: readonly Contrast[]): PreflightReport | null {
    return plan.reference && targets.length > 0 ? runPreflight(this.facts(plan, targets)) : null;
  }

  /** Parameters of a target that a user can choose; empty while the model is unknown. */
  parameters(target: Contrast): TargetParameters {
    if (!this.model || isMessage(this.model)) return {};
    const { method, manifest } = this.model.models.synthesis;
    return method.parameters?.(manifest, target) ?? {};
  }

  /** Whether the measured sources of this plan are still in memory. */
  isCached(plan: Plan): boolean {
    return this.measurement?.of === identity(plan);
  }

  /** Reads and measures the sources of a plan, or returns the cached measurement. */
  async measure(plan: Plan, options: Parameters<typeof measureSources>[4]): Promise<SourceMeasurement> {
    if (this.measurement && this.isCached(plan)) return this.measurement;
    this.measurement = undefined;
    const endpoints = resolveAssets(this.configuration(), this.assets);
    const of = identity(plan);
    try {
      const measurement = await measureSources(plan, endpoints, this.viewer, this.engine, options);
      this.measurement = { ...measurement, of };
      this.lastFacts = { pixels: measurement.pixels, brain: measurement.brain, of };
      return measurement;
    } catch (thrown) {
      const pixels = factsOfFailure(thrown);
      if (pixels) this.lastFacts = { pixels, of };
      throw thrown;
    }
  }

  /** Releases the pixels. */
  clear(): void {
    this.measurement = undefined;
  }

  /** Saves the throughput of a job for the next estimate; looks up again which networks are cached. */
  recordThroughput(plan: Plan, targets: readonly Contrast[], seconds: number): void {
    const flops = flopsOf(this.facts(plan, targets));
    if (flops && this.model && !isMessage(this.model))
      saveThroughput(throughputKey(this.model), flops / seconds);
    void this.readModel().then(this.onChange);
  }

  /** @param warning identity of a finding: its code and values */
  acknowledge(warning: string, acknowledged: boolean): void {
    if (acknowledged) this.acknowledgedWarnings.add(warning);
    else this.acknowledgedWarnings.delete(warning);
  }

  get acknowledged(): ReadonlySet<string> {
    return new Set(this.acknowledgedWarnings);
  }

  private async readModel(): Promise<void> {
    try {
      const { options } = this.configuration();
      this.model = await this.engine.lookUp({ ...resolveAssets(this.configuration(), this.assets), options });
    } catch (thrown) {
      if (!(thrown instanceof SynthesisError)) throw thrown;
      this.model = thrown.text;
    }
  }

  private facts(plan: Plan, targets: readonly Contrast[]): PreflightFacts {
    const { model } = this;
    const measured = this.lastFacts?.of === identity(plan) ? this.lastFacts : undefined;
    return {
      sources: [...plan.sources].map(([contrast, series]) => ({
        contrast,
        description: series.description,
        confidence: confidenceIn(plan, series),
        grid: this.viewer.grid(series),
      })),
      reference: plan.reference!,
      targets,
      pixels: measured?.pixels,
      ...(model && !isMessage(model) ? this.modelFacts(model, plan, targets, measured?.brain) : { model }),
    };
  }

  private modelFacts(lookUp: ModelLookUp, plan: Plan, targets: readonly Contrast[], brain?: BrainOutcome) {
    const { models, options, provider, stored } = lookUp;
    return {
      model: { ...models.synthesis, options },
      machine: {
        provider: provider.text,
        flopsPerSecond: loadThroughput(throughputKey(lookUp)) ?? brain?.flopsPerSecond,
        memory: deviceMemory(),
      },
      download: downloadSize(models, [...plan.sources.keys()], targets, options, provider.precision, hash =>
        stored.has(hash),
      ),
    };
  }
}

/** Warnings of a report that the user has not acknowledged. */
export function unacknowledged({ checks }: PreflightReport, acknowledged: ReadonlySet<string>): string[] {
  const warnings = checks.filter(check => check.level === 'amber').map(check => identityOf(check.text));
  return warnings.filter(warning => !acknowledged.has(warning));
}

function throughputKey({ models, provider }: ModelLookUp) {
  return { sha256: models.synthesis.sha256, provider };
}

/** Confidence of a series' recognized contrast. */
function confidenceIn({ rows }: Plan, series: StudySeries) {
  return rows.find(row => row.series === series)?.confidence ?? undefined;
}

/** The parts of a plan that its measurement depends on. */
function identity({ reference, sources }: Plan): string {
  return [reference, ...[...sources].map(([contrast, s]) => `${contrast} ${s.id}`)].join();
}

/** Memory in bytes, where the browser reports it: Chromium, rounded and at most 8 GiB. */
function deviceMemory(): number | undefined {
  if (typeof navigator === 'undefined') return undefined;
  const { deviceMemory: gibibytes } = navigator as { deviceMemory?: number };
  return gibibytes && gibibytes * 2 ** 30;
}
