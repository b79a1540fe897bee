import {
  asSynthesisError,
  type CheckedSource,
  type Message,
  recordAttributes,
  roleLabel,
} from '@modality-synthesis/engine';
import { message } from '../i18n/message';
import type { Configuration } from './configuration';
import type { ErrorMaps } from './ErrorMaps';
import type { DerivedSeries, ReportedResult, ViewerPort } from './ViewerPort';

/** States of a result: unsaved -> storing -> stored or failed, which is unsaved with a reason. */
export type Storage =
  | { status: 'unsaved' }
  | { status: 'storing'; done: number; of: number }
  /** The archive has `done` of `of` images. */
  | { status: 'failed'; done: number; of: number; text: Message }
  /** `mapFailure`: why the map of the expected error is not in the archive. */
  | { status: 'stored'; images: number; mapFailure?: Message };

/** A derived series and the state of its storage. */
export interface Result extends ReportedResult {
  /** The report about it, once it was made for the archive. */
  report?: DerivedSeries;
  storage: Storage;
}

type ResultsViewer = Pick<
  ViewerPort,
  | 'hasSeries'
  | 'restoreSeries'
  | 'storeSeries'
  | 'storeErrorMap'
  | 'removeSeries'
  | 'downloadSeries'
  | 'amendSeries'
  | 'addReport'
  | 'printReport'
  | 'notify'
>;

/** Results since the page was opened. Nothing is sent to the archive before `accept`. */
export class Results {
  private all: readonly Result[] = [];

  constructor(
    private readonly viewer: ResultsViewer,
    private readonly errorMaps: Pick<ErrorMaps, 'of' | 'has' | 'remove'>,
    private readonly configuration: () => Configuration,
    private readonly onChange: () => void,
  ) {}

  add(result: Omit<Result, 'storage'>): void {
    this.all = [...this.all, { ...result, storage: { status: 'unsaved' } }];
  }

  /** Results of a study whose series are loaded. */
  of(study: string): readonly Result[] {
    return this.all.filter(r => r.study === study && this.viewer.hasSeries(r.SeriesInstanceUID));
  }

  has(SeriesInstanceUID: string): boolean {
    return this.find(SeriesInstanceUID) !== undefined;
  }

  /** Puts a self-check into the record of a result; one that is stored, even in part, stays as it is. */
  recordCheck(SeriesInstanceUID: string, check: readonly CheckedSource[]): void {
    const result = this.find(SeriesInstanceUID);
    if (result?.storage.status !== 'unsaved') return;
    const derivation = { ...result.derivation, check: [...check] };
    this.viewer.amendSeries(result, recordAttributes(result.derivation), recordAttributes(derivation));
    this.all = this.all.map(r => (r === result ? { ...r, derivation } : r));
    this.onChange();
  }

  /** SeriesInstanceUIDs that closing the page would lose. */
  unsaved(): string[] {
    return this.all.filter(r => r.storage.status !== 'stored').map(r => r.SeriesInstanceUID);
  }

  /**
   * Restores the series of a study that was closed and reopened. Stored ones too: the viewer may not query
   * the archive again.
   */
  restore(study: string): void {
    for (const { SeriesInstanceUID } of this.all.filter(r => r.study === study))
      if (!this.viewer.hasSeries(SeriesInstanceUID)) this.viewer.restoreSeries(study, SeriesInstanceUID);
  }

  /** Stores a result in the archive. Never throws: a failure becomes the result's state. */
  async accept(SeriesInstanceUID: string): Promise<void> {
    const result = this.find(SeriesInstanceUID);
    if (!result || result.storage.status === 'storing' || result.storage.status === 'stored') return;
    if (this.configuration().requireCheck && !result.derivation.check) {
      this.viewer.notify('warning', message('self-check/required'));
      return;
    }
    let count = { done: 0, of: 0 };
    if (result.storage.status === 'failed') count = { done: result.storage.done, of: result.storage.of };
    this.set(SeriesInstanceUID, { status: 'storing', ...count });
    try {
      const images = await this.viewer.storeSeries(result, this.configuration(), (done, of) => {
        count = { done, of };
        this.set(SeriesInstanceUID, { status: 'storing', ...count });
      });
      if (this.configuration().storeReport) await this.storeReport(result);
      const mapFailure = await this.storeMap(result);
      this.set(SeriesInstanceUID, { status: 'stored', images, ...(mapFailure && { mapFailure }) });
      const target = roleLabel(result.target);
      this.viewer.notify('success', message('storage/stored', { target, count: images }));
      if (mapFailure) this.viewer.notify('warning', mapFailure);
    } catch (thrown) {
      const error = asSynthesisError(thrown, 'store-failed', message('storage/failed-unexpectedly'));
      console.error('[modality-synthesis]', error.code, error.message, error.cause);
      this.set(SeriesInstanceUID, { status: 'failed', ...count, text: error.text });
      this.viewer.notify('error', error.text);
    }
  }

  /** A second attempt stores the same report: no archive has it twice. */
  private async storeReport(result: Result): Promise<void> {
    const report = result.report ?? (await this.viewer.addReport(result));
    this.update(result.SeriesInstanceUID, { report });
    await this.viewer.storeSeries(report, this.configuration(), () => {});
  }

  /** Prints the report about a result. */
  async print(SeriesInstanceUID: string): Promise<void> {
    const result = this.find(SeriesInstanceUID);
    if (!result) return;
    try {
      await this.viewer.printReport(result);
    } catch (thrown) {
      const error = asSynthesisError(thrown, 'inference-failed', message('report/failed'));
      console.error('[modality-synthesis]', error);
      this.viewer.notify('error', error.text);
    }
  }

  /** Stores the error map of a stored result. An archive may refuse it: the result is as good without. */
  private async storeMap(result: Result): Promise<Message | undefined> {
    const configuration = this.configuration();
    const { SeriesInstanceUID } = result;
    if (!configuration.storeUncertainty || !this.errorMaps.has(SeriesInstanceUID)) return undefined;
    try {
      const map = await this.errorMaps.of(SeriesInstanceUID);
      await this.viewer.storeErrorMap(result, map, configuration);
      return undefined;
    } catch (thrown) {
      const error = asSynthesisError(thrown, 'store-failed', message('storage/failed-unexpectedly'));
      console.error('[modality-synthesis]', error.code, error.message, error.cause);
      return message('storage/map-failed', { target: roleLabel(result.target), reason: error.text });
    }
  }

  /** Removes a result that is not stored, with all its data. */
  async reject(SeriesInstanceUID: string): Promise<void> {
    const result = this.find(SeriesInstanceUID);
    if (!result || result.storage.status === 'storing' || result.storage.status === 'stored') return;
    this.all = this.all.filter(r => r !== result);
    this.errorMaps.remove(SeriesInstanceUID);
    await this.viewer.removeSeries(result);
    this.onChange();
    const target = roleLabel(result.target);
    if (result.storage.status === 'failed' && result.storage.done > 0) {
      const left = { target, count: result.storage.done, series: SeriesInstanceUID };
      this.viewer.notify('warning', message('storage/removed-here-only', left));
    } else this.viewer.notify('success', message('storage/rejected', { target }));
  }

  /** Downloads a result as a zip of DICOM files. */
  async download(SeriesInstanceUID: string): Promise<void> {
    const result = this.find(SeriesInstanceUID);
    if (!result) return;
    try {
      await this.viewer.downloadSeries(result);
    } catch (error) {
      console.error('[modality-synthesis]', error);
      this.viewer.notify('error', message('storage/download-failed'));
    }
  }

  private find(SeriesInstanceUID: string): Result | undefined {
    return this.all.find(r => r.SeriesInstanceUID === SeriesInstanceUID);
  }

  private set(SeriesInstanceUID: string, storage: Storage): void {
    this.update(SeriesInstanceUID, { storage });
  }

  private update(SeriesInstanceUID: string, change: Partial<Result>): void {
    this.all = this.all.map(r => (r.SeriesInstanceUID === SeriesInstanceUID ? { ...r, ...change } : r));
    this.onChange();
  }
}
