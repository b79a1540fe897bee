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
import { type Measured, measureSources } from './measureSources';
import { placeOf } from './place';
import { knownSpeed, rememberSpeed } from './speed';
import type { Assets, EnginePort, Plan, StudySeries, ViewerPort } from './ViewerPort';

/**
 * What is known before a job: what the headers and the model's description say at once, what the pixels show once they
 * were read. Nothing is measured twice for the same sources.
 */
export class Preflight {
  private model: ModelLookUp | Message | undefined;
  private lookingUp: Promise<void> | undefined;
  /** Waits for its job. */
  private measured: (Measured & { of: string }) | undefined;
  /** What was seen last; stays when the pixels are gone. */
  private seen: { of: string; pixels: PixelFacts; brain?: BrainOutcome } | undefined;
  private readonly acceptedWarnings = new Set<string>();

  /** @param onChange called when the model became known */
  constructor(
    private readonly viewer: ViewerPort,
    private readonly engine: EnginePort,
    private readonly assets: Assets,
    private readonly configuration: () => Configuration,
    private readonly onChange: () => void,
  ) {}

  /** Looks up the model unless it is known; a model that could not be read is looked up again when `again` is set. */
  lookUp(again = false): Promise<void> {
    if (this.model !== undefined && !(again && isMessage(this.model))) return Promise.resolve();
    this.lookingUp ??= this.readModel().finally(() => {
      this.lookingUp = undefined;
      this.onChange();
    });
    return this.lookingUp;
  }

  /** The checks of a plan on what is known so far; null without sources or targets. */
  report(plan: Plan, targets: readonly Contrast[]): PreflightReport | null {
    return plan.reference && targets.length > 0 ? runPreflight(this.facts(plan, targets)) : null;
  }

  /** What the model lets a person choose of a target; nothing while it is not known. */
  parameters(target: Contrast): TargetParameters {
    if (!this.model || isMessage(this.model)) return {};
    const { method, manifest } = this.model.models.synthesis;
    return method.parameters?.(manifest, target) ?? {};
  }

  /** Whether the sources of this plan were measured and wait for their job. */
  holds(plan: Plan): boolean {
    return this.measured?.of === identity(plan);
  }

  /** Reads and measures the sources of a plan, unless that was done. */
  async measure(plan: Plan, options: Parameters<typeof measureSources>[4]): Promise<Measured> {
    if (this.measured && this.holds(plan)) return this.measured;
    this.measured = undefined;
    const place = placeOf(this.configuration(), this.assets);
    const of = identity(plan);
    try {
      const measured = await measureSources(plan, place, this.viewer, this.engine, options);
      this.measured = { ...measured, of };
      this.seen = { pixels: measured.pixels, brain: measured.brain, of };
      return measured;
    } catch (thrown) {
      const pixels = factsOfFailure(thrown);
      if (pixels) this.seen = { pixels, of };
      throw thrown;
    }
  }

  /** Lets go of the pixels. */
  forget(): void {
    this.measured = undefined;
  }

  /** Notes how long the networks of a job took, for the next estimate, and that they are on this machine now. */
  noteJob(plan: Plan, targets: readonly Contrast[], seconds: number): void {
    const flops = flopsOf(this.facts(plan, targets));
    if (flops && this.model && !isMessage(this.model)) rememberSpeed(speedKey(this.model), flops / seconds);
    void this.readModel().then(this.onChange);
  }

  /** Ticks a warning or takes the tick back; the tick belongs to what it says, with its values. */
  accept(warning: string, accepted: boolean): void {
    if (accepted) this.acceptedWarnings.add(warning);
    else this.acceptedWarnings.delete(warning);
  }

  get accepted(): ReadonlySet<string> {
    return new Set(this.acceptedWarnings);
  }

  private async readModel(): Promise<void> {
    try {
      const { options } = this.configuration();
      this.model = await this.engine.lookUp({ ...placeOf(this.configuration(), this.assets), options });
    } catch (thrown) {
      if (!(thrown instanceof SynthesisError)) throw thrown;
      this.model = thrown.text;
    }
  }

  private facts(plan: Plan, targets: readonly Contrast[]): PreflightFacts {
    const { model } = this;
    const seen = this.seen?.of === identity(plan) ? this.seen : undefined;
    return {
      sources: [...plan.sources].map(([contrast, series]) => ({
        contrast,
        description: series.description,
        confidence: confidenceIn(plan, series),
        grid: this.viewer.grid(series),
      })),
      reference: plan.reference!,
      targets,
      pixels: seen?.pixels,
      ...(model && !isMessage(model) ? this.modelFacts(model, plan, targets, seen?.brain) : { model }),
    };
  }

  private modelFacts(look: ModelLookUp, plan: Plan, targets: readonly Contrast[], brain?: BrainOutcome) {
    const { models, options, provider, stored } = look;
    return {
      model: { ...models.synthesis, options },
      machine: {
        provider: provider.text,
        flopsPerSecond: knownSpeed(speedKey(look)) ?? brain?.flopsPerSecond,
        memory: memoryHere(),
      },
      download: downloadSize(models, [...plan.sources.keys()], targets, options, provider.precision, hash =>
        stored.has(hash),
      ),
    };
  }
}

/** Warnings of a report that nobody has ticked yet. */
export function openWarnings({ checks }: PreflightReport, accepted: ReadonlySet<string>): string[] {
  const warnings = checks.filter(c => c.level === 'amber').map(c => identityOf(c.text));
  return warnings.filter(warning => !accepted.has(warning));
}

function speedKey({ models, provider }: ModelLookUp) {
  return { sha256: models.synthesis.sha256, provider };
}

/** How sure it is what a series was recognized as. */
function confidenceIn({ rows }: Plan, series: StudySeries) {
  return rows.find(row => row.series === series)?.confidence ?? undefined;
}

/** What of a plan the measurements depend on. */
function identity({ reference, sources }: Plan): string {
  return [reference, ...[...sources].map(([contrast, s]) => `${contrast} ${s.id}`)].join();
}

/** Memory as far as the browser tells (Chromium, rounded down to 8 GiB at most), bytes. */
function memoryHere(): number | undefined {
  if (typeof navigator === 'undefined') return undefined;
  const { deviceMemory } = navigator as { deviceMemory?: number };
  return deviceMemory && deviceMemory * 2 ** 30;
}
