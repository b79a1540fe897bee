import {
  cache,
  Enums,
  EVENTS,
  eventTarget,
  getEnabledElement,
  metaData,
  type Types,
  volumeLoader,
} from '@cornerstonejs/core';
import { vec3 } from 'gl-matrix';
import { shownSeries } from '../series/shownSeries';
import { distanceTo, imageAt, type Plane, planeOf } from '../series/slicePosition';
import type { Instance } from '../types';

/** Id of the cover's viewport. */
export const COVER = 'modality-synthesis-blink';

type SliceViewport = Types.IStackViewport | Types.IVolumeViewport;

/** An acquired series as a cover shows it. */
export interface AcquiredSeries {
  imageIds: readonly string[];
  /** Headers of its images. */
  instances: readonly Instance[];
  /** Id of its volume, as OHIF names it. */
  volumeId: string;
  /** The window in which another viewport shows it; undefined: that of its header. */
  voiRange: { lower: number; upper: number } | undefined;
  caption: string;
}

/**
 * Covers a viewport with an acquired series at the same position, in a viewport of its own with the same
 * camera. The synthetic image stays underneath, untouched, with its watermark: it is back as soon as the
 * cover is gone, however that comes. The cover follows its slice, zoom and pan, and closes with it.
 */
export class AcquiredCover {
  private readonly host = document.createElement('div');
  private readonly seriesBelow: string | undefined;
  private readonly engine: Types.IRenderingEngine;
  private closed = false;
  private updating = Promise.resolve();

  /**
   * @param element of a stack or an orthographic viewport
   * @param onLeft told when the viewport shows another series, or none
   * @param onNone told when the acquired series has no slice at the position
   */
  constructor(
    private readonly element: HTMLDivElement,
    private readonly below: SliceViewport,
    private readonly acquired: AcquiredSeries,
    private readonly onLeft: () => void,
    private readonly onNone: () => void,
  ) {
    this.engine = below.getRenderingEngine() as Types.IRenderingEngine;
    this.seriesBelow = shownSeries(below);
    this.host.dataset.cy = 'synthesis-blink';
    this.host.append(createCaption(acquired.caption));
    Object.assign(this.host.style, {
      position: 'absolute',
      inset: '0',
      background: '#000',
      pointerEvents: 'none',
      visibility: 'hidden',
      // Above the watermark and the texts of the synthetic series, below menus and dialogs.
      zIndex: '31',
    });
    element.append(this.host);
    element.addEventListener(EVENTS.IMAGE_RENDERED, this.follow);
    eventTarget.addEventListener(EVENTS.ELEMENT_DISABLED, this.onDisabled);
  }

  /** Shows the acquired series. @throws where its images cannot be loaded */
  async open(): Promise<void> {
    const type = isStack(this.below) ? Enums.ViewportType.STACK : Enums.ViewportType.ORTHOGRAPHIC;
    this.engine.enableElement({ viewportId: COVER, element: this.host, type });
    const viewport = this.engine.getViewport(COVER);
    if (isStack(viewport)) await this.openStack(viewport);
    else await this.openVolume(viewport as Types.IVolumeViewport);
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.host.style.visibility = 'hidden';
    this.element.removeEventListener(EVENTS.IMAGE_RENDERED, this.follow);
    eventTarget.removeEventListener(EVENTS.ELEMENT_DISABLED, this.onDisabled);
    try {
      if (!this.engine.hasBeenDestroyed && this.engine.getViewport(COVER)) this.engine.disableElement(COVER);
    } finally {
      this.host.remove();
    }
  }

  private async openStack(viewport: Types.IStackViewport): Promise<void> {
    const index = this.indexBelow();
    if (index === undefined) {
      this.onNone();
      return;
    }
    await viewport.setStack([...this.acquired.imageIds], index);
    if (this.closed) return;
    if (this.acquired.voiRange) viewport.setProperties({ voiRange: this.acquired.voiRange });
    await this.update();
  }

  private async openVolume(viewport: Types.IVolumeViewport): Promise<void> {
    const { volumeId, imageIds, voiRange } = this.acquired;
    await loadVolume(volumeId, imageIds);
    if (this.closed) return;
    await viewport.setVolumes([{ volumeId }]);
    if (this.closed) return;
    if (voiRange) viewport.setProperties({ voiRange });
    this.placeVolume(viewport);
  }

  /** Moves with the viewport below, one step after the other. */
  private readonly follow = (): void => {
    if (shownSeries(this.below) !== this.seriesBelow) {
      this.onLeft();
      return;
    }
    if (this.host.style.visibility === 'hidden') return;
    this.updating = this.updating.then(() => this.update());
  };

  private async update(): Promise<void> {
    if (this.closed) return;
    const viewport = this.engine.getViewport(COVER);
    if (!isStack(viewport)) {
      this.placeVolume(viewport as Types.IVolumeViewport);
      return;
    }
    const index = this.indexBelow();
    if (index === undefined) {
      this.onNone();
      return;
    }
    if (index !== viewport.getCurrentImageIdIndex()) await viewport.setImageIdIndex(index);
    if (!this.closed) this.placeStack(viewport, index);
  }

  private placeStack(viewport: Types.IStackViewport, index: number): void {
    const camera = this.below.getCamera();
    const { focalPoint, position, viewPlaneNormal } = camera;
    const plane = planeOf(this.acquired.instances[index]);
    if (!plane || !focalPoint || !position || !viewPlaneNormal) return;
    // The slice of another grid lies a little before or behind.
    const shift = -distanceTo({ ...plane, normal: viewPlaneNormal }, focalPoint);
    const moved = (point: Types.Point3) =>
      vec3.scaleAndAdd([0, 0, 0], point, viewPlaneNormal, shift) as Types.Point3;
    viewport.setCamera({ ...camera, focalPoint: moved(focalPoint), position: moved(position) });
    this.reveal(viewport);
  }

  private placeVolume(viewport: Types.IVolumeViewport): void {
    viewport.setCamera(this.below.getCamera());
    this.reveal(viewport);
  }

  /** Not before it is drawn: a black image would flash. */
  private reveal(viewport: SliceViewport): void {
    const show = () => {
      if (!this.closed) this.host.style.visibility = 'visible';
    };
    this.host.addEventListener(EVENTS.IMAGE_RENDERED, show, { once: true });
    viewport.render();
  }

  /** The acquired slice at the slice below. */
  private indexBelow(): number | undefined {
    const plane = isStack(this.below) && planeOfImage(this.below.getCurrentImageId());
    return plane ? imageAt(this.acquired.instances, plane) : undefined;
  }

  private readonly onDisabled = (event: Event): void => {
    const { element } = (event as CustomEvent<{ element: HTMLDivElement }>).detail;
    if (element === this.element) this.onLeft();
  };
}

function isStack(viewport: { type: string }): viewport is Types.IStackViewport {
  return viewport.type === Enums.ViewportType.STACK;
}

function planeOfImage(imageId: string): Plane | undefined {
  const image = metaData.get('instance', imageId) as Instance | undefined;
  return image && planeOf(image);
}

/** Resolves when all slices are loaded. */
async function loadVolume(volumeId: string, imageIds: readonly string[]): Promise<void> {
  await volumeLoader.createAndCacheVolume(volumeId, { imageIds: [...imageIds] });
  const volume = cache.getVolume(volumeId);
  if (!volume || volume.loadStatus?.loaded) return;
  await new Promise<void>(resolve => {
    const done = (event: Event) => {
      if ((event as CustomEvent<{ volumeId: string }>).detail.volumeId !== volumeId) return;
      eventTarget.removeEventListener(EVENTS.IMAGE_VOLUME_LOADING_COMPLETED, done);
      resolve();
    };
    eventTarget.addEventListener(EVENTS.IMAGE_VOLUME_LOADING_COMPLETED, done);
    volume.load(() => {});
  });
}

function createCaption(text: string): HTMLElement {
  const caption = document.createElement('div');
  caption.dataset.cy = 'synthesis-blink-caption';
  caption.setAttribute('role', 'status');
  caption.textContent = text;
  Object.assign(caption.style, {
    position: 'absolute',
    top: '4px',
    left: '50%',
    transform: 'translateX(-50%)',
    zIndex: '1',
    maxWidth: '90%',
    padding: '2px 8px',
    background: '#1d3b6b',
    color: '#fff',
    font: '700 12px/1.3 sans-serif',
    textAlign: 'center',
    borderRadius: '3px',
  });
  return caption;
}

/** The viewport of an element, where it shows slices. */
export function sliceViewport(element: HTMLDivElement): SliceViewport | undefined {
  const viewport = getEnabledElement(element)?.viewport;
  const { STACK, ORTHOGRAPHIC } = Enums.ViewportType;
  return viewport && (viewport.type === STACK || viewport.type === ORTHOGRAPHIC)
    ? (viewport as SliceViewport)
    : undefined;
}
