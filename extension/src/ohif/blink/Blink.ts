import { isSynthetic, items, type Message, seriesAttributes } from '@modality-synthesis/engine';
import { message } from '../../i18n/message';
import { t } from '../../i18n/translate';
import { acquiredSources } from '../series/acquiredSources';
import { isImageSeries, loadedSeries } from '../series/loadedSeries';
import { shownSeries } from '../series/shownSeries';
import type { ExtensionContext, Instance, Services } from '../types';
import { AcquiredCover, type AcquiredSeries, COVER, sliceViewport } from './AcquiredCover';

/** OHIF's name of the volume of a display set. */
const VOLUME_LOADER = 'cornerstoneStreamingImageVolume';

/**
 * While a key is held, the active viewport (or else the first that shows a synthetic series) shows the
 * acquired reference in its place. It ends when the key comes up, or may have come up unseen.
 */
export class Blink {
  /** Code of the key that is held; null: which one is not known. */
  private key: string | null | undefined;
  private cover: AcquiredCover | undefined;

  constructor(
    private readonly context: Pick<ExtensionContext, 'servicesManager' | 'extensionManager'>,
    private readonly tell: (text: Message) => void,
  ) {}

  /** A press of the key; a held key repeats it. */
  press(event?: Pick<KeyboardEvent, 'code'>): void {
    if (this.key !== undefined) return;
    this.key = event?.code || null;
    window.addEventListener('keyup', this.onKeyUp, true);
    window.addEventListener('blur', this.end);
    document.addEventListener('visibilitychange', this.end);
    const reason = this.show();
    if (reason) this.tell(reason);
  }

  /** Shows the synthetic series again. */
  readonly end = (): void => {
    this.key = undefined;
    window.removeEventListener('keyup', this.onKeyUp, true);
    window.removeEventListener('blur', this.end);
    document.removeEventListener('visibilitychange', this.end);
    this.uncover();
  };

  private readonly onKeyUp = ({ code }: KeyboardEvent): void => {
    if (this.key === null || code === this.key) this.end();
  };

  private uncover(): void {
    const { cover } = this;
    this.cover = undefined;
    cover?.close();
  }

  /** @returns why nothing is shown */
  private show(): Message | undefined {
    const { activeViewportId, viewports } = this.services.viewportGridService.getState();
    const ids = [...(activeViewportId ? [activeViewportId] : []), ...viewports.keys()];
    const [shown] = ids.flatMap(id => this.synthetic(id) ?? []);
    if (!shown) return message('blink/no-slice');
    const { element, viewport, image } = shown;
    const acquired = this.acquired(image);
    if (!acquired) return message('blink/no-series');
    const none = () => {
      this.uncover();
      this.tell(message('blink/none'));
    };
    const cover = new AcquiredCover(element, viewport, acquired, () => this.uncover(), none);
    this.cover = cover;
    cover.open().catch(error => {
      // Let go before it was there.
      if (this.cover !== cover) return;
      console.error('[modality-synthesis]', error);
      this.uncover();
      this.tell(message('blink/not-loaded'));
    });
    return undefined;
  }

  private get services(): Services {
    return this.context.servicesManager.services;
  }

  /** A viewport that shows slices of a synthetic series, and an image of that. */
  private synthetic(viewportId: string) {
    const { cornerstoneViewportService, displaySetService } = this.services;
    const element = cornerstoneViewportService.getCornerstoneViewport(viewportId)?.element;
    const viewport = element && sliceViewport(element);
    const series = viewport && shownSeries(viewport);
    const [image] = (series && displaySetService.getDisplaySetsForSeries(series)[0]?.instances) || [];
    if (!element || !viewport || !image || !isSynthetic(seriesAttributes(image))) return undefined;
    return { element, viewport, image };
  }

  /** The reference of a synthetic image, where it is loaded and lies in the same space. */
  private acquired(synthetic: Instance): AcquiredSeries | undefined {
    const { reference } = acquiredSources(synthetic);
    if (!reference) return undefined;
    const displaySets = this.services.displaySetService
      .getDisplaySetsForSeries(reference)
      .filter(isImageSeries);
    const [dataSource] = this.context.extensionManager.getActiveDataSource();
    const stacks = loadedSeries(displaySets, dataSource);
    const used = new Set(items(synthetic.SourceImageSequence).map(one => one.ReferencedSOPInstanceUID));
    const { images } =
      stacks.find(({ images }) => images.some(({ instance }) => used.has(instance.SOPInstanceUID))) ??
      stacks[0] ??
      {};
    if (!images || images[0].instance.FrameOfReferenceUID !== synthetic.FrameOfReferenceUID) return undefined;
    const [{ instance, displaySetInstanceUID }] = images;
    // OHIF may have the volume already; that of a part of a series is another.
    const isWhole = stacks.length === 1 && displaySets.length === 1;
    return {
      imageIds: images.map(({ imageId }) => imageId),
      instances: images.map(({ instance }) => instance),
      volumeId: `${VOLUME_LOADER}:${isWhole ? displaySetInstanceUID : `${COVER}-${reference}`}`,
      voiRange: windowOf(displaySetInstanceUID, this.services),
      caption: t('blink/acquired', { series: String(instance.SeriesDescription ?? '') }),
    };
  }
}

/** The window in which a viewport shows a display set. */
function windowOf(
  uid: string,
  { viewportGridService, cornerstoneViewportService }: Services,
): { lower: number; upper: number } | undefined {
  const shows = [...viewportGridService.getState().viewports.values()].find(
    ({ displaySetInstanceUIDs }) => displaySetInstanceUIDs?.length === 1 && displaySetInstanceUIDs[0] === uid,
  );
  return (
    shows && cornerstoneViewportService.getCornerstoneViewport(shows.viewportId)?.getProperties().voiRange
  );
}
