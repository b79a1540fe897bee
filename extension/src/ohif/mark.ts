import { cache, EVENTS, eventTarget, getEnabledElement, metaData } from '@cornerstonejs/core';
import { isSynthetic, seriesAttributes } from '@modality-synthesis/engine';
import { markWords } from './markWords';
import type { Instance } from './types';

const MARK = 'synthetic-mark';

/**
 * Marks every cornerstone element that shows a synthetic image, whoever made it: an opaque child of the element itself,
 * decided by the tags of what is rendered. A site's overlay customizations cannot remove it, and OHIF's capture copies it
 * because the capture's own viewport is such an element too. Lasts as long as the page.
 * @param template a site's words, see markWords
 */
export function startMarking(template: () => string | undefined): void {
  const update = (event: Event) => {
    const { element } = (event as CustomEvent<{ element: HTMLDivElement }>).detail;
    if (!element) return;
    const synthetic = shownInstances(element).find(i => isSynthetic(seriesAttributes(i)));
    setMark(element, synthetic && markWords(synthetic, template()));
  };
  const enable = (event: Event) => {
    const { element } = (event as CustomEvent<{ element: HTMLDivElement }>).detail;
    element.addEventListener(EVENTS.IMAGE_RENDERED, update);
    update(event);
  };
  const disable = (event: Event) => {
    const { element } = (event as CustomEvent<{ element: HTMLDivElement }>).detail;
    element.removeEventListener(EVENTS.IMAGE_RENDERED, update);
  };
  eventTarget.addEventListener(EVENTS.ELEMENT_ENABLED, enable);
  eventTarget.addEventListener(EVENTS.ELEMENT_DISABLED, disable);
}

/** The image behind each layer of the element's viewport: the stack, each volume, each side of a fusion. */
function shownInstances(element: HTMLDivElement): Instance[] {
  const viewport = getEnabledElement(element)?.viewport;
  if (!viewport) return [];
  const layers: (string | undefined)[] = [];
  if ('getCurrentImageId' in viewport) layers.push(safely(() => viewport.getCurrentImageId()));
  if ('getAllVolumeIds' in viewport) {
    for (const id of safely(() => (viewport as { getAllVolumeIds(): string[] }).getAllVolumeIds()) ?? []) {
      layers.push(cache.getVolume(id)?.imageIds?.[0]);
    }
  }
  for (const { referencedId } of safely(() => viewport.getActors()) ?? []) {
    if (referencedId) layers.push(cache.getVolume(referencedId)?.imageIds?.[0] ?? referencedId);
  }
  return layers
    .map(imageId => (imageId ? (metaData.get('instance', imageId) as Instance | undefined) : undefined))
    .filter(instance => instance !== undefined);
}

/** Viewports throw from getters while they are being set up. */
function safely<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

function setMark(element: HTMLElement, words: string | undefined): void {
  const present = element.querySelector<HTMLElement>(`:scope > [data-cy=${MARK}]`);
  if (words === undefined) {
    present?.remove();
    return;
  }
  if (present && present === element.lastElementChild && present.textContent === words) return;
  const mark = present ?? createMark();
  mark.textContent = words;
  element.append(mark);
}

function createMark(): HTMLElement {
  const mark = document.createElement('div');
  mark.dataset.cy = MARK;
  mark.setAttribute('role', 'note');
  const style: Partial<CSSStyleDeclaration> = {
    position: 'absolute',
    top: '4px',
    left: '50%',
    transform: 'translateX(-50%)',
    width: 'max-content',
    // Between the overlays of the corners where there is room, else over them: it wraps, and is never cut off.
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
    // Over every overlay of the viewport, under the viewer's menus and dialogs.
    zIndex: '30',
    visibility: 'visible',
    opacity: '1',
  };
  for (const [name, value] of Object.entries(style)) {
    mark.style.setProperty(
      name.replace(/[A-Z]/g, c => `-${c.toLowerCase()}`),
      String(value),
      'important',
    );
  }
  return mark;
}
