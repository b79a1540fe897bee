import {
  asSynthesisError,
  CONTRAST_LABELS,
  type Contrast,
  type Derivation,
  joined,
  makePlan,
  type PreflightReport,
  type Progress,
  ProgressMeter,
  type Sentence,
  type SourceRecord,
  SynthesisError,
  type SynthesisErrorCode,
  say,
  stopAtRed,
  throwIfCancelled,
} from '@modality-synthesis/engine';
import type { ProviderDecision, SynthesisOutcome } from '@modality-synthesis/engine/web';
import { version } from '../id';
import type { Configuration } from './configuration';
import { openWarnings, Preflight } from './Preflight';
import { placeOf } from './place';
import { type Result, Results } from './Results';
import type { Assets, EnginePort, Plan, ViewerPort } from './ViewerPort';

/** A job's life: idle -> running (-> waiting -> running) -> done, failed or cancelled -> running ... */
export type Job =
  | { status: 'idle' }
  | {
      status: 'running';
      study: string;
      startedAt: number;
      progress: Progress | null;
      provider: Sentence | null;
    }
  /** Measured; warnings of the preflight wait for their tick. */
  | { status: 'waiting'; study: string; sentence: Sentence }
  | { status: 'done'; study: string; sentence: Sentence }
  | { status: 'cancelled'; study: string; sentence: Sentence }
  | { status: 'failed'; study: string; sentence: Sentence; code: SynthesisErrorCode };

/** Everything the panel shows; a new object at every change. */
export interface SessionState {
  plan: Plan | null;
  targets: readonly Contrast[];
  /** What is known before the job; null while there is nothing to make. */
  preflight: PreflightReport | null;
  /** Warnings that a person has ticked. */
  accepted: ReadonlySet<string>;
  job: Job;
  /** Of the active study. */
  results: readonly Result[];
}

/** One job at a time, from the plan to the derived series. Knows the viewer and the engine only through ports. */
export class SynthesisService {
  private state: SessionState = {
    plan: null,
    targets: [],
    preflight: null,
    accepted: new Set(),
    job: { status: 'idle' },
    results: [],
  };
  private readonly listeners = new Set<() => void>();
  private readonly choices = new Map<string, Contrast | null>();
  private readonly references = new Map<string, Contrast>();
  private readonly deselected = new Map<string, Set<Contrast>>();
  readonly results: Results;
  private readonly preflight: Preflight;
  private running: { study: string; controller: AbortController; reason?: Sentence } | undefined;

  constructor(
    private readonly viewer: ViewerPort,
    private readonly engine: EnginePort,
    private readonly assets: Assets,
    private readonly configuration: () => Configuration,
  ) {
    this.results = new Results(viewer, configuration, () => this.refresh());
    this.preflight = new Preflight(viewer, engine, assets, configuration, () => this.refresh());
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly getState = (): SessionState => this.state;

  /** Reads the study again: to be called when series, viewports or the active viewport changed. */
  refresh(): void {
    const study = this.viewer.activeStudy();
    if (!study) {
      this.set({ plan: null, targets: [], preflight: null, results: [] });
      return;
    }
    const plan = makePlan(study, this.viewer.series(study), this.choices, this.references.get(study));
    const off = this.deselected.get(study) ?? new Set([...plan.missing.slice(1)]);
    const targets = plan.missing.filter(c => !off.has(c));
    void this.preflight.lookUp();
    this.set({
      plan,
      targets,
      preflight: this.preflight.report(plan, targets),
      accepted: this.preflight.accepted,
      results: this.results.of(study),
    });
    const { job } = this.state;
    // Other sources than those that were measured are a new job.
    const changed = job.status === 'waiting' && !this.preflight.holds(plan);
    // What happened to one patient's job must not stand beside another's images.
    if (job.status !== 'idle' && job.status !== 'running' && (job.study !== study || changed)) {
      if (job.status === 'waiting') this.preflight.forget();
      this.set({ job: { status: 'idle' } });
    }
  }

  /** Uses a series as a contrast, or not at all; a series that held the contrast before gives it up. */
  chooseContrast(id: string, contrast: Contrast | null): void {
    const holder = contrast && this.state.plan?.sources.get(contrast);
    if (holder) this.choices.set(holder.id, null);
    this.choices.set(id, contrast);
    this.refresh();
  }

  chooseReference(contrast: Contrast): void {
    if (this.state.plan) this.references.set(this.state.plan.study, contrast);
    this.refresh();
  }

  chooseTarget(target: Contrast, wanted: boolean): void {
    const { plan, targets } = this.state;
    if (!plan) return;
    const off = new Set(plan.missing.filter(c => !targets.includes(c)));
    if (wanted) off.delete(target);
    else off.add(target);
    this.deselected.set(plan.study, off);
    this.refresh();
  }

  /**
   * Makes the chosen targets of the active study and shows the first. Never throws: what happened is the job's state.
   * A call while a job runs does nothing.
   */
  async start(): Promise<void> {
    if (this.running) return;
    this.refresh();
    const { plan, targets } = this.state;
    const controller = new AbortController();
    this.running = { study: plan?.study ?? '', controller };
    try {
      const job = checked(plan, targets);
      const { study, reference } = job;
      const { seed, samples, provider } = this.configuration();
      this.set({ job: { status: 'running', study, startedAt: Date.now(), progress: null, provider: null } });
      // Images still under way when a job ends must not move the next job's bar.
      const meter = new ProgressMeter(progress => {
        if (this.running?.controller === controller) this.update({ progress });
      });
      const options = {
        signal: controller.signal,
        onStep: meter.step,
        onProvider: ({ sentence }: ProviderDecision) => this.update({ provider: sentence }),
      };
      await this.preflight.lookUp(true);
      stopAtRed(this.preflight.report(job, targets)!);
      const { volumes, records, registration, brain } = await this.preflight.measure(job, options);
      const report = this.preflight.report(job, targets)!;
      stopAtRed(report);
      if (openWarnings(report, this.preflight.accepted).length > 0) {
        this.set({ job: { status: 'waiting', study, sentence: say`Read and tick the warnings, then run.` } });
        return;
      }
      const { runtime, bundle } = placeOf(this.configuration(), this.assets);
      const outcome = await this.engine.run(
        {
          runtime,
          bundle,
          provider,
          sources: volumes,
          reference,
          brain: brain.found,
          targets,
          seed,
          samples,
        },
        options,
      );
      this.preflight.noteJob(job, targets, outcome.seconds);
      await this.finish(
        plan!,
        records,
        { ...outcome, brain: brain.brain, registration },
        meter,
        controller.signal,
      );
    } catch (thrown) {
      this.fail(
        asSynthesisError(
          thrown,
          'inference-failed',
          say`The synthesis failed unexpectedly; nothing was kept.`,
        ),
      );
    } finally {
      this.running = undefined;
      if (this.state.job.status !== 'waiting') this.preflight.forget();
      this.refresh();
    }
  }

  /** Ticks a warning of the preflight, or takes the tick back. */
  acceptWarning(warning: string, accepted: boolean): void {
    this.preflight.accept(warning, accepted);
    this.refresh();
  }

  /** Stops the running job at the end of its slab. */
  cancel(reason?: Sentence): void {
    if (!this.running) return;
    this.running.reason = reason;
    this.running.controller.abort();
  }

  /** Tells which studies are open now: a job whose study was closed is cancelled. */
  studiesOpened(studies: readonly string[]): void {
    if (this.running && !studies.includes(this.running.study)) {
      this.cancel(say`The synthesis was cancelled because its study was closed; nothing was kept.`);
    }
  }

  private async finish(
    plan: Plan,
    sources: SourceRecord[],
    outcome: SynthesisOutcome & Pick<Derivation, 'brain' | 'registration'>,
    meter: ProgressMeter,
    signal: AbortSignal,
  ): Promise<void> {
    const reference = plan.sources.get(plan.reference!)!;
    const { card, results, provider: decision, seconds: _, ...choices } = outcome;
    const { provider, precision } = decision;
    const job = {
      sources,
      reference: plan.reference!,
      ...choices,
      runtime: 'onnxruntime-web',
      provider,
      precision,
      softwareVersion: version,
    } as const;
    throwIfCancelled(signal);
    const made: Contrast[] = [];
    let first = '';
    for (const [target, { volume }] of results) {
      const derivation = { target, ...job };
      const SeriesInstanceUID = this.viewer.addSeries(volume, reference, derivation, [
        ...plan.sources.values(),
      ]);
      this.results.add({
        study: plan.study,
        target,
        SeriesInstanceUID,
        referenceSeriesInstanceUID: reference.SeriesInstanceUID,
        derivation,
        card,
      });
      first ||= SeriesInstanceUID;
      made.push(target);
      meter.step({ stage: 'finish', done: made.length, of: results.size });
      // Writing is heavy: let the page show how far it is.
      await new Promise(resolve => setTimeout(resolve));
    }
    const names = joined(
      made.map(target => CONTRAST_LABELS[target]),
      ', ',
    );
    const sentence = say`Synthetic ${names} made. ${decision.sentence}`;
    this.set({ job: { status: 'done', study: plan.study, sentence } });
    this.reveal(plan.study, first, say`Synthetic ${names} made: predicted, not measured.`);
  }

  /** Tells and shows what was made; the result stands, whatever becomes of that. */
  private reveal(study: string, SeriesInstanceUID: string, sentence: Sentence): void {
    try {
      this.viewer.notify('success', sentence);
      // Whoever has moved on to another study keeps what they look at.
      if (this.viewer.activeStudy() === study) this.viewer.show(SeriesInstanceUID);
    } catch (error) {
      console.error('[modality-synthesis] The result could not be shown.', error);
    }
  }

  private fail(error: SynthesisError): void {
    const study = this.running?.study ?? '';
    if (error.code === 'cancelled') {
      const sentence = this.running?.reason ?? error.sentence;
      this.set({ job: { status: 'cancelled', study, sentence } });
      this.viewer.notify('warning', sentence);
      return;
    }
    console.error('[modality-synthesis]', error.code, error.message, error.cause);
    this.set({ job: { status: 'failed', study, sentence: error.sentence, code: error.code } });
    this.viewer.notify('error', error.sentence);
  }

  private update(change: Partial<Extract<Job, { status: 'running' }>>): void {
    if (this.state.job.status === 'running') this.set({ job: { ...this.state.job, ...change } });
  }

  private set(change: Partial<SessionState>): void {
    this.state = { ...this.state, ...change };
    for (const listener of this.listeners) listener();
  }
}

/** The plan of a job that can run, or the sentence why it cannot. */
function checked(plan: Plan | null, targets: readonly Contrast[]) {
  const refuse = (sentence: Sentence) => new SynthesisError('plan-invalid', sentence);
  if (!plan) throw refuse(say`No study is open in the active viewport; open a brain MR study first.`);
  if (plan.reference === null) {
    throw refuse(
      say`No series of this study was recognized as T1, T2 or FLAIR; choose the contrast of at least one.`,
    );
  }
  if (plan.missing.length === 0)
    throw refuse(say`All four contrasts were acquired in this study; nothing is missing.`);
  if (targets.length === 0) throw refuse(say`No target is chosen; tick the contrast to synthesize.`);
  return { ...plan, reference: plan.reference };
}
