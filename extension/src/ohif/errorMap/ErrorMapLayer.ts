import { getEnabledElement } from '@cornerstonejs/core';
import { type ErrorMap, eachLesion, resample, type Volume, valueAtWorld } from '@modality-synthesis/engine';
import { translate } from '../../i18n/translate';
import type { Display, Drawing, ErrorMapViews } from '../../session/ErrorMapViews';
import { shownSeries } from '../series/shownSeries';
import { contourLines } from './contourLines';
import { keepClear } from './keepClear';
import { CONTOUR, createBox, legendOf } from './legend';
import { paintHatching, paintOverlay } from './paintOverlay';
import { type PlaneGrid, planeGrid, samePlane } from './planeGrid';
import { readoutText } from './readoutText';
import type { ReadValues } from './seriesValues';

/** What an element shows, and how. */
interface Shown {
  SeriesInstanceUID: string;
  map: ErrorMap;
  display: Display;
  drawing: Drawing;
  plane: PlaneGrid;
  /** The viewport's own canvas. */
  image: HTMLCanvasElement;
}

/**
 * The expected error over the image of one cornerstone element: a canvas between image and annotations, a
 * legend, and the values under the cursor. They exist only while the element shows a series whose map is on.
 */
export class ErrorMapLayer {
  private readonly canvas = document.createElement('canvas');
  private readonly box = createBox();
  private readonly readout = document.createElement('div');
  private readonly legend = document.createElement('div');
  /** Undefined while nothing is drawn. */
  private drawn: Shown | undefined;
  private values: ReadValues | undefined;
  private frame = 0;
  private endKeepClear = (): void => {};

  /**
   * @param valuesOf reads the values of a synthetic series and its reference
   * @param isKeptFree whether a viewport shows no map, by its id
   */
  constructor(
    private readonly element: HTMLDivElement,
    private readonly views: ErrorMapViews,
    private readonly valuesOf: (SeriesInstanceUID: string) => ReadValues,
    private readonly isKeptFree: (viewportId: string) => boolean,
  ) {
    this.canvas.dataset.cy = 'error-map';
    Object.assign(this.canvas.style, { position: 'absolute', left: '0', top: '0', pointerEvents: 'none' });
    this.readout.dataset.cy = 'error-map-readout';
    this.readout.setAttribute('aria-hidden', 'true');
    this.box.append(this.readout, this.legend);
  }

  /** Draws what the element shows now; does nothing where that is drawn already. */
  readonly draw = (): void => {
    const shown = this.shown();
    if (!shown) {
      this.clear();
      return;
    }
    const { drawn } = this;
    if (shown.image.nextSibling !== this.canvas) shown.image.after(this.canvas);
    if (drawn && isSame(drawn, shown)) return;
    if (drawn?.SeriesInstanceUID !== shown.SeriesInstanceUID) this.values = undefined;
    this.drawn = shown;
    const hatched = paint(this.canvas, shown);
    this.legend.replaceChildren(...legendOf(shown.map, shown.display, shown.drawing, hatched));
    if (this.box.isConnected) return;
    this.element.append(this.box);
    this.endKeepClear = keepClear(this.box, this.element);
    this.element.addEventListener('mousemove', this.onMove);
    this.element.addEventListener('mouseleave', this.onLeave);
  };

  /** Removes all that is drawn. */
  readonly clear = (): void => {
    if (!this.drawn) return;
    this.drawn = undefined;
    this.values = undefined;
    this.canvas.remove();
    this.endKeepClear();
    this.box.remove();
    this.onLeave();
    this.element.removeEventListener('mousemove', this.onMove);
    this.element.removeEventListener('mouseleave', this.onLeave);
  };

  private shown(): Shown | undefined {
    // Costs nothing while all maps are off.
    if (!this.views.anyShown()) return undefined;
    const viewport = getEnabledElement(this.element)?.viewport;
    if (!viewport || this.isKeptFree(viewport.id)) return undefined;
    const SeriesInstanceUID = shownSeries(viewport);
    if (!SeriesInstanceUID) return undefined;
    const { display, map, drawing } = this.views.of(SeriesInstanceUID);
    if (!map) return undefined;
    const { canvas: image } = viewport;
    if (image.clientWidth === 0 || image.clientHeight === 0) return undefined;
    const toWorld = (point: [number, number]) => viewport.canvasToWorld(point);
    const plane = planeGrid(toWorld, image.clientWidth, image.clientHeight);
    return { SeriesInstanceUID, map, display, drawing, plane, image };
  }

  private readonly onMove = ({ clientX, clientY }: MouseEvent): void => {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => {
      const viewport = getEnabledElement(this.element)?.viewport;
      if (!this.drawn || !viewport) return;
      const { SeriesInstanceUID, map, drawing } = this.drawn;
      this.values ??= this.valuesOf(SeriesInstanceUID);
      const { left, top } = viewport.canvas.getBoundingClientRect();
      const world = viewport.canvasToWorld([clientX - left, clientY - top]);
      const probable = map.lesions && eachLesion(map.lesions, volume => valueAtWorld(volume, world));
      const error = valueAtWorld(map.volume, world);
      const text = readoutText(this.values(world), error, drawing.upper, probable);
      this.readout.textContent = translate(text);
    });
  };

  private readonly onLeave = (): void => {
    cancelAnimationFrame(this.frame);
    this.readout.textContent = '';
  };
}

function isSame(a: Shown, b: Shown): boolean {
  const { map, display, drawing, plane } = a;
  return map === b.map && display === b.display && drawing === b.drawing && samePlane(plane, b.plane);
}

/**
 * Draws a map onto a canvas, which becomes as large as the plane.
 * @returns whether a part is hatched
 */
function paint(canvas: HTMLCanvasElement, { map, display, drawing, plane }: Shown): boolean {
  const [width, height] = plane.dims;
  const { step } = plane;
  Object.assign(canvas, { width, height });
  Object.assign(canvas.style, { width: `${width * step}px`, height: `${height * step}px` });
  const context = canvas.getContext('2d');
  if (!context) return false;
  const image = context.createImageData(width, height);
  const pixels = new Uint32Array(image.data.buffer);
  const errors = resample(map.volume, plane, Number.NaN).data;
  if (display === 'overlay') paintOverlay(errors, drawing, pixels);
  const inside = map.region && resample(regionOf(map, map.region.mask), plane).data;
  const hatched = inside !== undefined && paintHatching(inside, width, pixels);
  context.putImageData(image, 0, 0);
  if (display === 'contour') strokeLines(context, contourLines(errors, width, drawing.threshold), step);
  return hatched;
}

/** Draws segments with a dark edge, which shows on any image. */
function strokeLines(context: CanvasRenderingContext2D, lines: readonly number[], step: number): void {
  context.beginPath();
  for (let n = 0; n < lines.length; n += 4) {
    context.moveTo(lines[n] + 0.5, lines[n + 1] + 0.5);
    context.lineTo(lines[n + 2] + 0.5, lines[n + 3] + 0.5);
  }
  context.lineCap = 'round';
  for (const [width, colour] of [
    [3.5, 'rgba(0, 0, 0, 0.6)'],
    [1.5, CONTOUR],
  ] as const) {
    context.lineWidth = width / step;
    context.strokeStyle = colour;
    context.stroke();
  }
}

const regions = new WeakMap<ErrorMap, Volume>();

/** A map's region as a volume, for resampling. */
function regionOf(map: ErrorMap, mask: Uint8Array): Volume {
  const region = regions.get(map) ?? { ...map.volume, data: Float32Array.from(mask) };
  regions.set(map, region);
  return region;
}
