import {
  asSynthesisError,
  counter,
  detailsOf,
  type Job as EngineJob,
  type ErrorMap,
  gridOf,
  isMessage,
  type JobPlan,
  list,
  type MadeJob,
  type Message,
  makeSeries,
  type OpenJob,
  type PreflightReport,
  ProgressMeter,
  paced,
  type RoleId,
  type RunOptions,
  requiredNetworks,
  roleLabel,
  type SliceRange,
  type SynthesisError,
  slicesAround,
  stopAtRed,
} from '@modality-synthesis/engine';
import { message } from '../i18n/message';
import type { Configuration } from './configuration';
import { ErrorMaps } from './ErrorMaps';
import { ErrorMapViews } from './ErrorMapViews';
import { cardOf, ModelInUse } from './ModelInUse';
import { Preflight, SOME_SLICES, unacknowledged } from './Preflight';
import { Results } from './Results';
import { SelfChecks } from './SelfChecks';
import { INITIAL, type Job, NO_STUDY, type SessionState } from './SessionState';
import { runnablePlan, Selection, type TargetControl } from './selection';
import type { Assets, EnginePort, Plan, StudySeries, ViewerPort } from './ViewerPort';

/** Runs one job at a time, from plan to derived series. Uses the viewer and the engine through ports only. */
export class SynthesisService {
  private state = INITIAL;
  private readonly listeners = new Set<() => void>();
  readonly selection: Selection;
  readonly results: Results;
  private readonly errorMaps: ErrorMaps;
  readonly checks: SelfChecks;
  readonly errorMapViews = new ErrorMapViews(uid => this.errorMap(uid));
  private readonly model: ModelInUse;
  private readonly preflight: Preflight;
  private running: { study: string; controller: AbortController; reason?: Message } | undefined;

  constructor(
    private readonly viewer: ViewerPort,
    private readonly engine: EnginePort,
    assets: Assets,
    private readonly configuration: () => Configuration,
  ) {
    this.selection = new Selection(
      () => this.state.plan,
      () => this.refresh(),
      target => this.model.declared(target)?.default ?? true,
    );
    this.errorMaps = new ErrorMaps(uid => viewer.readErrorMap(uid));
    this.results = new Results(viewer, this.errorMaps, configuration, () => this.refresh());
    this.checks = new SelfChecks(
      viewer,
      engine,
      this.results,
      configuration,
      () => this.running !== undefined,
      job => this.preflight.selfCheckSeconds(job),
      () => this.set({ checks: this.checks.of(this.state.results) }),
      () => this.model.server,
    );
    this.model = new ModelInUse(engine, assets, configuration, () => {
      this.refresh();
      void this.readKeptModels();
    });
    this.preflight = new Preflight(viewer, engine, this.model);
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly getState = (): SessionState => this.state;

  /** Reads the study again; the extension calls it when series, viewports or the active viewport change. */
  refresh(): void {
    this.checks.prune();
    this.errorMapViews.keep(uid => this.viewer.hasSeries(uid));
    const study = this.viewer.activeStudy();
    if (!study) {
      this.set({ ...NO_STUDY, server: this.model.serverChoice });
      this.endWaiting();
      return;
    }
    const plan = this.selection.plan(study, this.viewer.series(study), this.model.domain);
    const targets = this.selection.targets(plan);
    const results = this.results.of(study);
    const someSlices = this.someSlices(plan, targets);
    void this.model.lookUp();
    this.set({
      plan,
      targets,
      controls: targets.flatMap(target => this.controlsOf(plan, target)),
      cautions: new Map(plan.missing.flatMap(role => this.cautionOf(role))),
      preflight: this.report(plan, targets, someSlices),
      acknowledged: this.preflight.acknowledged,
      model: this.model.card,
      modelChoice: this.model.choice,
      someSlices,
      server: this.model.serverChoice,
      results,
      compared: this.viewer.compared(),
      checks: this.checks.of(results),
    });
    const { job } = this.state;
    // A waiting job ends when its sources change.
    const changed = job.status === 'waiting' && !this.preflight.isCached(plan);
    // The outcome of one patient's job must not appear beside another patient's images.
    if (job.status !== 'idle' && job.status !== 'running' && (job.study !== study || changed)) {
      this.endWaiting();
      this.set({ job: { status: 'idle' } });
    }
  }

  /** A job that waits keeps its volumes. */
  private endWaiting(): void {
    if (this.state.job.status !== 'waiting') return;
    this.preflight.clear();
    this.set({ job: { status: 'idle' } });
  }

  private cautionOf(target: RoleId): [RoleId, string][] {
    const declared = this.model.declared(target);
    return declared ? [[target, declared.caution]] : [];
  }

  private report(
    plan: Plan,
    targets: readonly RoleId[],
    some = this.someSlices(plan, targets),
  ): PreflightReport | null {
    const slices = some?.chosen ? SOME_SLICES : undefined;
    return this.preflight.report(plan, targets, this.selection.chosen(plan, targets), slices);
  }

  private someSlices(plan: Plan, targets: readonly RoleId[]): SessionState['someSlices'] {
    const chosen = this.selection.onlySome(plan);
    return chosen || this.preflight.offersSlices(plan, targets) ? { count: SOME_SLICES, chosen } : null;
  }

  /** The slices of the reference around the one on screen, or around its middle. */
  private shownSlices({ sources, reference }: JobPlan<StudySeries>): SliceRange | undefined {
    const series = sources.get(reference)!;
    const grid = gridOf(this.viewer.images(series), series.description);
    if (isMessage(grid)) return undefined;
    return slicesAround(grid, this.viewer.shownPosition(series), SOME_SLICES);
  }

  private controlsOf(plan: Plan, target: RoleId): TargetControl[] {
    return this.selection.controls(plan, target, this.model.parameters(target));
  }

  /**
   * Synthesizes the chosen targets of the active study and shows the first. Never throws: a failure becomes
   * the job's state. Does nothing while a job runs.
   */
  async start(): Promise<void> {
    if (this.running || this.checks.isRunning) return;
    this.refresh();
    const { plan, targets } = this.state;
    const controller = new AbortController();
    this.running = { study: plan?.study ?? '', controller };
    try {
      const runnable = runnablePlan(plan, targets);
      const { study } = runnable;
      const { seed, provider } = this.configuration();
      this.set({ job: { status: 'running', study, startedAt: Date.now(), progress: null, provider: null } });
      // Images that arrive after a job has ended must not move the next job's progress bar.
      const meter = new ProgressMeter(
        paced(progress => {
          if (this.running?.controller === controller) this.update({ progress });
        }),
      );
      const run: RunOptions = {
        signal: controller.signal,
        onStep: meter.step,
        onBackend: ({ text }) => this.update({ provider: text }),
      };
      await this.model.ready();
      const before = this.report(runnable, targets)!;
      stopAtRed(before);
      const { models, options } = this.model.usable!;
      const job: EngineJob<StudySeries> = {
        ...{ plan: runnable, models, options, seed },
        ...(this.selection.onlySome(runnable) && { slices: this.shownSlices(runnable) }),
        targets: targets.map(id => ({ id, parameters: valuesOf(this.controlsOf(runnable, id)) })),
        placement: { backend: provider, precision: 'fp16', server: this.model.server },
      };
      this.startNetworks(job, before);
      const measured = await this.preflight.measure(job, run);
      const report = this.report(runnable, targets)!;
      stopAtRed(report);
      if (unacknowledged(report, this.preflight.acknowledged).length > 0) {
        this.set({ job: { status: 'waiting', study, text: message('job/waiting') } });
        return;
      }
      const began = performance.now();
      const made = await makeSeries(job, measured, this.viewer, run);
      await this.finish(job, made, measured.open, meter);
      this.preflight.recordThroughput(job, (performance.now() - began) / 1000);
    } catch (thrown) {
      this.fail(asSynthesisError(thrown, 'inference-failed', message('job/failed')));
    } finally {
      this.running = undefined;
      const { status } = this.state.job;
      if (status !== 'waiting') {
        this.preflight.clear();
        void this.model.lookUpAgain(status === 'failed');
      }
      this.refresh();
    }
  }

  /** Networks start while the series are read; those of the synthesis only where nothing is to be asked. */
  private startNetworks(job: EngineJob<StudySeries>, report: PreflightReport): void {
    const { plan, models, targets, options, placement } = job;
    const { region, synthesis } = requiredNetworks(models, [...plan.sources.keys()], targets, options);
    const asks = unacknowledged(report, this.preflight.acknowledged).length > 0;
    this.engine.startNetworks(asks || placement.server ? [region] : [region, synthesis], placement);
  }

  /** Acknowledges an amber finding or withdraws the acknowledgement. */
  acknowledge(warning: string, acknowledged: boolean): void {
    this.preflight.acknowledge(warning, acknowledged);
    this.refresh();
  }

  /** Uses another of the site's models; not while a job or a check runs. */
  chooseModel(address: string): void {
    if (this.running || this.checks.isRunning) return;
    this.preflight.forget();
    void this.model.choose(address);
    this.refresh();
  }

  /** Chooses this machine instead of the site's server, or the server again; not while a job runs. */
  chooseHere(here: boolean): void {
    if (this.running) return;
    this.model.chooseHere(here);
    this.refresh();
  }

  /** The middle slice of a series as a data URL. @throws what the viewer throws for an unreadable image */
  readonly picture = (series: StudySeries): Promise<string> => this.viewer.picture(series);

  /** Cancels the running job; it stops after the current slab. */
  cancel(reason?: Message): void {
    if (!this.running) return;
    this.running.reason = reason;
    this.running.controller.abort();
  }

  /**
   * How far a result may be off: the expected absolute error on its grid, in per cent, and where something
   * cannot be told. Of a result of this session, or of any series whose map is in the archive. Made when it
   * is asked for; the last few are kept.
   * @throws SynthesisError `no-error-map`, or `source-unreadable` where the archive does not give it
   */
  errorMap(SeriesInstanceUID: string): Promise<ErrorMap> {
    return this.errorMaps.of(SeriesInstanceUID);
  }

  /** Whether a series is a result of this session whose expected error is known. */
  hasErrorMap(SeriesInstanceUID: string): boolean {
    return this.errorMaps.has(SeriesInstanceUID);
  }

  /** Deletes a model from this machine, from the browser's storage and from memory; not while a job runs. */
  async removeModel(address: string): Promise<void> {
    if (this.running || this.checks.isRunning) return;
    await this.model.ready();
    await this.engine.removeModel(address);
    this.release();
    await this.readKeptModels();
    await this.model.lookUpAgain();
  }

  private async readKeptModels(): Promise<void> {
    this.set({ keptModels: await this.engine.keptModels() });
  }

  /** Frees the networks that are kept for the next job. */
  release(): void {
    if (!this.running && !this.checks.isRunning) void this.engine.release();
  }

  /** Cancels the running job if its study is no longer open. */
  studiesOpened(studies: readonly string[]): void {
    if (this.running && !studies.includes(this.running.study)) this.cancel(message('job/study-closed'));
    this.checks.studiesOpened(studies);
  }

  private async finish(
    job: EngineJob<StudySeries>,
    { series, settings }: MadeJob,
    open: OpenJob,
    meter: ProgressMeter,
  ): Promise<void> {
    const { plan, models, targets, options, seed } = job;
    const { study } = plan;
    const reference = plan.sources.get(plan.reference)!;
    const keeping = this.keepErrors(series, open);
    const onImage = counter(
      meter.step,
      'finish',
      series.reduce((sum, { datasets }) => sum + datasets.length, 0),
    );
    for (const [n, { SeriesInstanceUID, derivation, datasets }] of series.entries()) {
      await this.viewer.addSeries(datasets, onImage);
      this.results.add({
        study,
        target: derivation.target,
        SeriesInstanceUID,
        referenceSeriesInstanceUID: reference.SeriesInstanceUID,
        derivation,
        details: detailsOf(models.synthesis, targets[n], options, seed),
        card: cardOf(models.synthesis.manifest),
      });
    }
    await keeping;
    this.checks.add(job, series);
    const names = list(
      series.map(({ derivation }) => roleLabel(derivation.target)),
      ', ',
    );
    const text = message('job/done', { targets: names, provider: settings.text });
    this.set({ job: { status: 'done', study, text } });
    this.reveal(study, series[0].SeriesInstanceUID, message('job/done-notice', { targets: names }));
  }

  /**
   * Keeps what the error maps are made of. The engine works it out while the series are encoded here: the job
   * takes no longer. Without it the results are as good, but have no map.
   */
  private async keepErrors(series: MadeJob['series'], open: OpenJob): Promise<void> {
    try {
      const errors = await open.errors({}, {});
      for (const { SeriesInstanceUID, derivation, grid } of series) {
        const kept = errors.get(derivation.target);
        if (kept) this.errorMaps.add(SeriesInstanceUID, kept, grid);
      }
    } catch (error) {
      console.error('[modality-synthesis] The expected errors could not be kept.', error);
    }
  }

  /** Notifies the user and shows the result. A failure here does not affect the result. */
  private reveal(study: string, SeriesInstanceUID: string, text: Message): void {
    try {
      this.viewer.notify('success', text);
      // A user who has moved on to another study keeps their view.
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

/** Undefined where the model offers no choice. */
function valuesOf(controls: readonly TargetControl[]): Record<string, number> | undefined {
  if (controls.length === 0) return undefined;
  return Object.fromEntries(controls.map(({ name, value }) => [name, value]));
}
