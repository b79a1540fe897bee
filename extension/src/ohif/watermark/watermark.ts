import { cache, EVENTS, eventTarget, getEnabledElement, metaData } from '@cornerstonejs/core';
import { isSynthetic, seriesAttributes } from '@modality-synthesis/engine';
import type { Instance } from '../types';
import { watermarkText } from './watermarkText';

const DATA_CY = 'synthetic-mark';

/**
 * Adds a watermark to every cornerstone element that renders an image which is synthetic by its tags,
 * whatever software made it. The watermark is an opaque child of the element: a site's overlay customizations
 * cannot remove it, and OHIF's capture, which renders into such an element, copies it. Active as long as the
 * page lives.
 * @param template the site's text, see watermarkText
 */
export function startWatermarks(template: () => string | undefined): void {
  const elementOf = (event: Event) => (event as CustomEvent<{ element: HTMLDivElement }>).detail.element;
  const update = (event: Event) => {
    const element = elementOf(event);
    if (!element) return;
    const synthetic = renderedInstances(element).find(i => isSynthetic(seriesAttributes(i)));
    setWatermark(element, synthetic && watermarkText(synthetic, template()));
  };
  const enable = (event: Event) => {
    elementOf(event).addEventListener(EVENTS.IMAGE_RENDERED, update);
    update(event);
  };
  const disable = (event: Event) => elementOf(event).removeEventListener(EVENTS.IMAGE_RENDERED, update);
  eventTarget.addEventListener(EVENTS.ELEMENT_ENABLED, enable);
  eventTarget.addEventListener(EVENTS.ELEMENT_DISABLED, disable);
}

/** One image of each layer of the element's viewport: the stack, each volume, each part of a fusion. */
export function renderedInstances(element: HTMLDivElement): Instance[] {
  const viewport = getEnabledElement(element)?.viewport;
  if (!viewport) return [];
  const layers: (string | undefined)[] = [];
  if ('getCurrentImageId' in viewport) layers.push(attempt(() => viewport.getCurrentImageId()));
  if ('getAllVolumeIds' in viewport) {
    for (const id of attempt(() => (viewport as { getAllVolumeIds(): string[] }).getAllVolumeIds()) ?? []) {
      layers.push(cache.getVolume(id)?.imageIds?.[0]);
    }
  }
  for (const { referencedId } of attempt(() => viewport.getActors()) ?? []) {
    if (referencedId) layers.push(cache.getVolume(referencedId)?.imageIds?.[0] ?? referencedId);
  }
  return layers
    .map(imageId => (imageId ? (metaData.get('instance', imageId) as Instance | undefined) : undefined))
    .filter(instance => instance !== undefined);
}

/** Viewports throw from getters during their setup. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

function setWatermark(element: HTMLElement, text: string | undefined): void {
  const present = element.querySelector<HTMLElement>(`:scope > [data-cy=${DATA_CY}]`);
  if (text === undefined) {
    present?.remove();
    return;
  }
  if (present && present === element.lastElementChild && present.textContent === text) return;
  const watermark = present ?? createWatermark();
  watermark.textContent = text;
  element.append(watermark);
}

function createWatermark(): HTMLElement {
  const watermark = document.createElement('div');
  watermark.dataset.cy = DATA_CY;
  watermark.setAttribute('role', 'note');
  const style: Partial<CSSStyleDeclaration> = {
    position: 'absolute',
    top: '4px',
    left: '50%',
    transform: 'translateX(-50%)',
    width: 'max-content',
    // Between the corner overlays where there is room, else over them; long text wraps.
    maxWidth: 'max(100% - 110px, min(100%, 180px))',
    boxSizing: 'border-box',
    overflowWrap: 'anywhere',
    padding: '2px 8px',
    background: '#ffd479',
    color: '#000',
    font: '700 12px/1.3 sans-serif',
    textAlign: 'center',
    borderRadius: '3px',
    pointerEvents: 'none',
    // Above the viewport's overlays, below the viewer's menus and dialogs.
    zIndex: '30',
    visibility: 'visible',
    opacity: '1',
  };
  for (const [name, value] of Object.entries(style)) {
    watermark.style.setProperty(
      name.replace(/[A-Z]/g, c => `-${c.toLowerCase()}`),
      String(value),
      'important',
    );
  }
  return watermark;
}
