import {
  asSynthesisError,
  checkObstacle,
  counter,
  type Derivation,
  foresightMessages,
  type Job,
  type MadeSeries,
  type Message,
  measureSources,
  type Progress,
  ProgressMeter,
  paced,
  type RoleId,
  type SelfCheck,
  type ServerPlace,
  type SourceRecord,
  SynthesisError,
  selfCheck,
  selfCheckSeries,
} from '@modality-synthesis/engine';
import { message } from '../i18n/message';
import type { Configuration } from './configuration';
import type { Result } from './Results';
import type { EnginePort, StudySeries, ViewerPort } from './ViewerPort';

/** States of the self-check of a job: none -> running -> done, failed or cancelled -> running ... */
export type CheckState =
  | { status: 'none' }
  | { status: 'running'; startedAt: number; progress: Progress | null }
  | { status: 'cancelled' | 'failed'; text: Message }
  | { status: 'done'; check: SelfCheck };

/** The self-check of a result's job, as the panel shows it. */
export interface ResultCheck {
  state: CheckState;
  /** Why there can be none; null: there can. */
  impossible: Message | null;
  /** Expected duration, s; absent while unknown. */
  seconds?: number;
  /** What a check says of this result, as far as that was measured. */
  foresight: readonly Message[];
  /** The site wants it before Accept, and it is not done. */
  missing: boolean;
}

/** A job with results in the viewer. */
interface CheckedJob {
  job: Job<StudySeries>;
  /** Record of its first result. */
  derivation: Derivation;
  /** SeriesInstanceUIDs of its results. */
  results: readonly string[];
  /** Expected duration, s. */
  seconds: number | undefined;
  state: CheckState;
  /** Series that were added to show a source, by its role. */
  shown: Map<RoleId, { remade: string; difference: string }>;
}

type ResultPort = {
  has(SeriesInstanceUID: string): boolean;
  /** Puts the check into the record of a result that is not stored. */
  recordCheck(SeriesInstanceUID: string, check: SelfCheck['record']): void;
};

/** Runs self-checks of finished jobs, one at a time; what they show is never stored. */
export class SelfChecks {
  private jobs: readonly CheckedJob[] = [];
  private running: { of: CheckedJob; controller: AbortController } | undefined;

  /**
   * @param isBusy whether a job runs
   * @param secondsOf expected duration of the check of a job, s
   * @param server where networks may run now if not here: a job's own choice may have been taken back
   */
  constructor(
    private readonly viewer: ViewerPort,
    private readonly engine: EnginePort,
    private readonly results: ResultPort,
    private readonly configuration: () => Configuration,
    private readonly isBusy: () => boolean,
    private readonly secondsOf: (job: Job<StudySeries>) => number | undefined,
    private readonly onChange: () => void,
    private readonly server: () => ServerPlace | undefined = () => undefined,
  ) {}

  get isRunning(): boolean {
    return this.running !== undefined;
  }

  /** A job that is done, with its results. */
  add(job: Job<StudySeries>, made: readonly MadeSeries[]): void {
    const results = made.map(({ SeriesInstanceUID }) => SeriesInstanceUID);
    const [{ derivation }] = made;
    const seconds = this.secondsOf(job);
    const state: CheckState = { status: 'none' };
    this.jobs = [...this.jobs, { job, derivation, results, seconds, state, shown: new Map() }];
  }

  /** Checks of these results, by SeriesInstanceUID. */
  of(results: readonly Result[]): ReadonlyMap<string, ResultCheck> {
    return new Map(
      results.flatMap(({ SeriesInstanceUID, target, derivation, storage }) => {
        const found = this.find(SeriesInstanceUID);
        if (!found) return [];
        const { job, seconds, state } = found;
        const check = {
          state,
          impossible: checkObstacle(job),
          seconds,
          foresight: foresightMessages(derivation.domain, target, job.models.synthesis.manifest.check),
          missing: this.isRequired() && storage.status !== 'stored' && !derivation.check,
        };
        return [[SeriesInstanceUID, check] as const];
      }),
    );
  }

  /** SeriesInstanceUIDs of everything that checks show. */
  series(): string[] {
    return this.jobs.flatMap(({ shown }) =>
      [...shown.values()].flatMap(({ remade, difference }) => [remade, difference]),
    );
  }

  /**
   * Checks the job of a result. Never throws: a failure becomes the check's state. Does nothing while a job
   * or another check runs.
   */
  async run(SeriesInstanceUID: string): Promise<void> {
    const of = this.find(SeriesInstanceUID);
    if (!of || checkObstacle(of.job) || this.running || this.isBusy()) return;
    const controller = new AbortController();
    this.running = { of, controller };
    this.set(of, { status: 'running', startedAt: Date.now(), progress: null });
    const meter = new ProgressMeter(
      paced(progress => {
        if (of.state.status === 'running') this.set(of, { ...of.state, progress });
      }),
    );
    try {
      await this.removeShown(of);
      const check = await this.measureAndCheck(of, {
        signal: controller.signal,
        onStep: meter.step,
      });
      for (const uid of of.results) this.results.recordCheck(uid, check.record);
      this.set(of, { status: 'done', check });
    } catch (thrown) {
      const {
        code,
        text,
        message: what,
        cause,
      } = asSynthesisError(thrown, 'inference-failed', message('self-check/failed'));
      if (code === 'cancelled') this.set(of, { status: 'cancelled', text: message('self-check/cancelled') });
      else {
        console.error('[modality-synthesis]', code, what, cause);
        this.set(of, { status: 'failed', text });
      }
    } finally {
      this.running = undefined;
      this.onChange();
    }
  }

  /** Cancels the running check. */
  cancel(): void {
    this.running?.controller.abort();
  }

  /** Cancels the running check if its study is no longer open. */
  studiesOpened(studies: readonly string[]): void {
    if (this.running && !studies.includes(this.running.of.job.plan.study)) this.cancel();
  }

  /** Shows a source beside itself made again, and their difference. */
  async show(SeriesInstanceUID: string, role: RoleId): Promise<void> {
    const of = this.find(SeriesInstanceUID);
    if (of?.state.status !== 'done') return;
    const { plan } = of.job;
    const source = of.state.check.remade.find(one => one.role === role);
    const acquired = plan.sources.get(role);
    if (!source || !acquired) return;
    let shown = of.shown.get(role);
    if (!shown) {
      const taken = this.viewer.series(plan.study).map(({ SeriesNumber }) => SeriesNumber);
      const { remade, difference } = selfCheckSeries(plan, of.derivation, source, this.viewer, taken);
      shown = { remade: uidOf(remade), difference: uidOf(difference) };
      of.shown.set(role, shown);
      for (const datasets of [remade, difference]) await this.viewer.addSeries(datasets, () => {});
    }
    for (const uid of Object.values(shown))
      if (!this.viewer.hasSeries(uid)) this.viewer.restoreSeries(plan.study, uid);
    this.viewer.showCheck(acquired.SeriesInstanceUID, shown.remade, shown.difference);
  }

  /** Ends the check of a result's job: its images are gone, its figures stay in the record. */
  async close(SeriesInstanceUID: string): Promise<void> {
    const of = this.find(SeriesInstanceUID);
    if (of && this.running?.of !== of) await this.end(of);
  }

  /** Ends the checks of jobs whose results are all gone. */
  prune(): void {
    for (const of of this.jobs) {
      if (of.results.some(uid => this.results.has(uid))) continue;
      this.jobs = this.jobs.filter(other => other !== of);
      if (this.running?.of === of) this.cancel();
      void this.end(of);
    }
  }

  private async end(of: CheckedJob): Promise<void> {
    await this.removeShown(of);
    this.set(of, { status: 'none' });
  }

  private async removeShown(of: CheckedJob): Promise<void> {
    const { study, sources, reference } = of.job.plan;
    const referenceSeriesInstanceUID = sources.get(reference)!.SeriesInstanceUID;
    const shown = [...of.shown.values()].flatMap(({ remade, difference }) => [remade, difference]);
    of.shown.clear();
    for (const SeriesInstanceUID of shown)
      await this.viewer.removeSeries({ study, SeriesInstanceUID, referenceSeriesInstanceUID });
  }

  /** Reads the sources again; they must be those of the job, and lie as they lay then. */
  private async measureAndCheck(
    of: CheckedJob,
    run: { signal: AbortSignal; onStep: ProgressMeter['step'] },
  ): Promise<SelfCheck> {
    const ports = { study: this.viewer, executor: this.engine };
    const { placement } = of.job;
    const job = { ...of.job, placement: { ...placement, server: placement.server && this.server() } };
    const measured = await measureSources(job, ports, run, {
      registration: of.derivation.registration ?? [],
      check: now => sameSources(of.derivation.sources, now),
    });
    try {
      const check = await selfCheck(job, measured, run);
      counter(run.onStep, 'finish', 1)();
      return check;
    } finally {
      measured.open.close();
    }
  }

  private isRequired(): boolean {
    try {
      return this.configuration().requireCheck;
    } catch {
      return false;
    }
  }

  private find(SeriesInstanceUID: string): CheckedJob | undefined {
    return this.jobs.find(({ results }) => results.includes(SeriesInstanceUID));
  }

  private set(of: CheckedJob, state: CheckState): void {
    of.state = state;
    this.onChange();
  }
}

function uidOf([first]: readonly Record<string, unknown>[]): string {
  return String(first.SeriesInstanceUID);
}

/** @throws SynthesisError `record-mismatch` where the pixels are no longer those of the job */
function sameSources(then: readonly SourceRecord[], now: readonly SourceRecord[]): void {
  const same = then.every(({ role, sha256 }) => now.find(one => one.role === role)?.sha256 === sha256);
  if (!same) throw new SynthesisError('record-mismatch', message('self-check/other-sources'));
}
