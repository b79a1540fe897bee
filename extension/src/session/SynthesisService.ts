import {
  asSynthesisError,
  CONTRAST_LABELS,
  type Contrast,
  type Derivation,
  list,
  type Message,
  makePlan,
  type PreflightReport,
  type Progress,
  ProgressMeter,
  type SourceRecord,
  SynthesisError,
  type SynthesisErrorCode,
  stopAtRed,
  type TargetParameters,
  throwIfCancelled,
} from '@modality-synthesis/engine';
import type { ProviderDecision, SynthesisOutcome } from '@modality-synthesis/engine/web';
import { message } from '../i18n/message';
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
      provider: Message | null;
    }
  /** Measured; warnings of the preflight wait for their tick. */
  | { status: 'waiting'; study: string; text: Message }
  | { status: 'done'; study: string; text: Message }
  | { status: 'cancelled'; study: string; text: Message }
  | { status: 'failed'; study: string; text: Message; code: SynthesisErrorCode };

/** A parameter of a target, and what was chosen for it. */
export interface TargetControl {
  target: Contrast;
  name: string;
  parameter: TargetParameters[string];
  value: number;
}

/** Everything the panel shows; a new object at every change. */
export interface SessionState {
  plan: Plan | null;
  targets: readonly Contrast[];
  /** What may be chosen of them, where the model lets anything be chosen. */
  controls: readonly TargetControl[];
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
    controls: [],
    preflight: null,
    accepted: new Set(),
    job: { status: 'idle' },
    results: [],
  };
  private readonly listeners = new Set<() => void>();
  private readonly choices = new Map<string, Contrast | null>();
  private readonly references = new Map<string, Contrast>();
  private readonly deselected = new Map<string, Set<Contrast>>();
  /** By study, target and name. */
  private readonly parameters = new Map<string, number>();
  readonly results: Results;
  private readonly preflight: Preflight;
  private running: { study: string; controller: AbortController; reason?: Message } | undefined;

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
      this.set({ plan: null, targets: [], controls: [], preflight: null, results: [] });
      return;
    }
    const plan = makePlan(study, this.viewer.series(study), this.choices, this.references.get(study));
    const off = this.deselected.get(study) ?? new Set([...plan.missing.slice(1)]);
    const targets = plan.missing.filter(c => !off.has(c));
    void this.preflight.lookUp();
    this.set({
      plan,
      targets,
      controls: targets.flatMap(target => this.controlsOf(study, target)),
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

  chooseParameter({ target, name }: TargetControl, value: number): void {
    if (this.state.plan) this.parameters.set(keyOf(this.state.plan.study, target, name), value);
    this.refresh();
  }

  /** Nothing where the model lets nothing be chosen. */
  private parametersOf(study: string, target: Contrast): Record<string, number> | undefined {
    const chosen = this.controlsOf(study, target).map(({ name, value }) => [name, value]);
    return chosen.length > 0 ? Object.fromEntries(chosen) : undefined;
  }

  private controlsOf(study: string, target: Contrast): TargetControl[] {
    return Object.entries(this.preflight.parameters(target)).map(([name, parameter]) => {
      const value = this.parameters.get(keyOf(study, target, name)) ?? parameter.default;
      return { target, name, parameter, value };
    });
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
      const { seed, options: chosen, provider } = this.configuration();
      this.set({ job: { status: 'running', study, startedAt: Date.now(), progress: null, provider: null } });
      // Images still under way when a job ends must not move the next job's bar.
      const meter = new ProgressMeter(progress => {
        if (this.running?.controller === controller) this.update({ progress });
      });
      const options = {
        signal: controller.signal,
        onStep: meter.step,
        onProvider: ({ text }: ProviderDecision) => this.update({ provider: text }),
      };
      await this.preflight.lookUp(true);
      stopAtRed(this.preflight.report(job, targets)!);
      const { volumes, records, registration, brain } = await this.preflight.measure(job, options);
      const report = this.preflight.report(job, targets)!;
      stopAtRed(report);
      if (openWarnings(report, this.preflight.accepted).length > 0) {
        this.set({ job: { status: 'waiting', study, text: message('job/waiting') } });
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
          targets: targets.map(id => ({ id, parameters: this.parametersOf(study, id) })),
          seed,
          options: chosen,
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
      this.fail(asSynthesisError(thrown, 'inference-failed', message('job/failed')));
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
  cancel(reason?: Message): void {
    if (!this.running) return;
    this.running.reason = reason;
    this.running.controller.abort();
  }

  /** Tells which studies are open now: a job whose study was closed is cancelled. */
  studiesOpened(studies: readonly string[]): void {
    if (this.running && !studies.includes(this.running.study)) {
      this.cancel(message('job/study-closed'));
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
    const { card, details, results, provider: decision, seconds: _, ...choices } = outcome;
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
    for (const [target, { volume, parameters }] of results) {
      const derivation = { target, parameters, ...job };
      const SeriesInstanceUID = this.viewer.addSeries(volume, reference, derivation, [
        ...plan.sources.values(),
      ]);
      this.results.add({
        study: plan.study,
        target,
        SeriesInstanceUID,
        referenceSeriesInstanceUID: reference.SeriesInstanceUID,
        derivation,
        details: details.get(target) ?? [],
        card,
      });
      first ||= SeriesInstanceUID;
      made.push(target);
      meter.step({ stage: 'finish', done: made.length, of: results.size });
      // Writing is heavy: let the page show how far it is.
      await new Promise(resolve => setTimeout(resolve));
    }
    const names = list(
      made.map(target => CONTRAST_LABELS[target]),
      ', ',
    );
    const text = message('job/done', { targets: names, provider: decision.text });
    this.set({ job: { status: 'done', study: plan.study, text } });
    this.reveal(plan.study, first, message('job/done-notice', { targets: names }));
  }

  /** Tells and shows what was made; the result stands, whatever becomes of that. */
  private reveal(study: string, SeriesInstanceUID: string, text: Message): void {
    try {
      this.viewer.notify('success', text);
      // Whoever has moved on to another study keeps what they look at.
      if (this.viewer.activeStudy() === study) this.viewer.show(SeriesInstanceUID);
    } catch (error) {
      console.error('[modality-synthesis] The result could not be shown.', error);
    }
  }

  private fail(error: SynthesisError): void {
    const study = this.running?.study ?? '';
    if (error.code === 'cancelled') {
      const text = this.running?.reason ?? error.text;
      this.set({ job: { status: 'cancelled', study, text } });
      this.viewer.notify('warning', text);
      return;
    }
    console.error('[modality-synthesis]', error.code, error.message, error.cause);
    this.set({ job: { status: 'failed', study, text: error.text, code: error.code } });
    this.viewer.notify('error', error.text);
  }

  private update(change: Partial<Extract<Job, { status: 'running' }>>): void {
    if (this.state.job.status === 'running') this.set({ job: { ...this.state.job, ...change } });
  }

  private set(change: Partial<SessionState>): void {
    this.state = { ...this.state, ...change };
    for (const listener of this.listeners) listener();
  }
}

function keyOf(...parts: string[]): string {
  return parts.join(' ');
}

/** The plan of a job that can run, or the text why it cannot. */
function checked(plan: Plan | null, targets: readonly Contrast[]) {
  const refuse = (text: Message) => new SynthesisError('plan-invalid', text);
  if (!plan) throw refuse(message('job/no-study'));
  if (plan.reference === null) {
    throw refuse(message('job/no-source'));
  }
  if (plan.missing.length === 0) throw refuse(message('job/nothing-missing'));
  if (targets.length === 0) throw refuse(message('job/no-target'));
  return { ...plan, reference: plan.reference };
}
