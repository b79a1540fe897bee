import {
  asSynthesisError,
  CONTRAST_LABELS,
  type Contrast,
  type Derivation,
  type Detail,
  type Message,
  type ModelCard,
} from '@modality-synthesis/engine';
import { message } from '../i18n/message';
import type { Configuration } from './configuration';
import type { ViewerPort } from './ViewerPort';

/** A result's life: unsaved -> storing -> stored, or failed, which is unsaved with a reason. */
export type Storage =
  | { status: 'unsaved' }
  | { status: 'storing'; done: number; of: number }
  /** `done` images of `of` are known to lie in the archive already. */
  | { status: 'failed'; done: number; of: number; text: Message }
  | { status: 'stored'; images: number };

/** A series made here, and where it is on its way into the archive. */
export interface Result {
  study: string;
  target: Contrast;
  SeriesInstanceUID: string;
  referenceSeriesInstanceUID: string;
  /** How it was made, as its files say. */
  derivation: Derivation;
  /** The same of the method's options, for a person. */
  details: readonly Detail[];
  card: ModelCard;
  storage: Storage;
}

type ResultsViewer = Pick<
  ViewerPort,
  'hasSeries' | 'restoreSeries' | 'storeSeries' | 'removeSeries' | 'downloadSeries' | 'notify'
>;

/** What was made since the page was opened: nothing leaves it before `accept`. */
export class Results {
  private all: readonly Result[] = [];

  constructor(
    private readonly viewer: ResultsViewer,
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

  /** SeriesInstanceUIDs of what would be lost with the page. */
  unsaved(): string[] {
    return this.all.filter(r => r.storage.status !== 'stored').map(r => r.SeriesInstanceUID);
  }

  /**
   * Brings the series of a study back after the viewer had closed it; stored ones too, for the viewer may not ask the
   * archive again for a study it has seen.
   */
  restore(study: string): void {
    for (const { SeriesInstanceUID } of this.all.filter(r => r.study === study))
      if (!this.viewer.hasSeries(SeriesInstanceUID)) this.viewer.restoreSeries(study, SeriesInstanceUID);
  }

  /** Stores a result in the archive. Never throws: what happened is the result's state. */
  async accept(SeriesInstanceUID: string): Promise<void> {
    const result = this.find(SeriesInstanceUID);
    if (!result || result.storage.status === 'storing' || result.storage.status === 'stored') return;
    let count = { done: 0, of: 0 };
    if (result.storage.status === 'failed') count = { done: result.storage.done, of: result.storage.of };
    this.set(SeriesInstanceUID, { status: 'storing', ...count });
    try {
      const images = await this.viewer.storeSeries(result, this.configuration(), (done, of) => {
        count = { done, of };
        this.set(SeriesInstanceUID, { status: 'storing', ...count });
      });
      this.set(SeriesInstanceUID, { status: 'stored', images });
      this.viewer.notify(
        'success',
        message('storage/stored', { target: CONTRAST_LABELS[result.target], count: images }),
      );
    } catch (thrown) {
      const error = asSynthesisError(thrown, 'store-failed', message('storage/failed-unexpectedly'));
      console.error('[modality-synthesis]', error.code, error.message, error.cause);
      this.set(SeriesInstanceUID, { status: 'failed', ...count, text: error.text });
      this.viewer.notify('error', error.text);
    }
  }

  /** Removes a result that is not stored from the page, without a trace. */
  async reject(SeriesInstanceUID: string): Promise<void> {
    const result = this.find(SeriesInstanceUID);
    if (!result || result.storage.status === 'storing' || result.storage.status === 'stored') return;
    this.all = this.all.filter(r => r !== result);
    await this.viewer.removeSeries(result);
    this.onChange();
    const name = CONTRAST_LABELS[result.target];
    if (result.storage.status === 'failed' && result.storage.done > 0) {
      this.viewer.notify(
        'warning',
        message('storage/removed-here-only', {
          target: name,
          count: result.storage.done,
          series: SeriesInstanceUID,
        }),
      );
    } else this.viewer.notify('success', message('storage/rejected', { target: name }));
  }

  /** Hands a result to the person as a zip of DICOM files. */
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
    this.all = this.all.map(r => (r.SeriesInstanceUID === SeriesInstanceUID ? { ...r, storage } : r));
    this.onChange();
  }
}
