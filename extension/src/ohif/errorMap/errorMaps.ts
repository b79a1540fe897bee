import { EVENTS, eventTarget } from '@cornerstonejs/core';
import type { ErrorMapViews } from '../../session/ErrorMapViews';
import { ErrorMapLayer } from './ErrorMapLayer';
import type { ReadValues } from './seriesValues';

/**
 * Draws expected errors over every cornerstone element that renders an image of a series whose map is shown,
 * as stack or in MPR. Decided by the rendered image at every rendering. Active as long as the page lives.
 * @param isKeptFree whether a viewport shows no map, by its id
 */
export function startErrorMaps(
  views: ErrorMapViews,
  valuesOf: (SeriesInstanceUID: string) => ReadValues,
  isKeptFree: (viewportId: string) => boolean,
): void {
  const layers = new Map<HTMLDivElement, ErrorMapLayer>();
  const drawAll = () => {
    for (const layer of layers.values()) layer.draw();
  };
  const elementOf = (event: Event) => (event as CustomEvent<{ element: HTMLDivElement }>).detail.element;
  const enable = (event: Event) => {
    const element = elementOf(event);
    const layer = new ErrorMapLayer(element, views, valuesOf, isKeptFree);
    layers.set(element, layer);
    element.addEventListener(EVENTS.IMAGE_RENDERED, layer.draw);
    // A viewport may be kept free because of another.
    drawAll();
  };
  const disable = (event: Event) => {
    const layer = layers.get(elementOf(event));
    if (!layer) return;
    elementOf(event).removeEventListener(EVENTS.IMAGE_RENDERED, layer.draw);
    layer.clear();
    layers.delete(elementOf(event));
  };
  eventTarget.addEventListener(EVENTS.ELEMENT_ENABLED, enable);
  eventTarget.addEventListener(EVENTS.ELEMENT_DISABLED, disable);
  views.subscribe(drawAll);
}
