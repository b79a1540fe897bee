import { cache, EVENTS, eventTarget, getEnabledElement, metaData } from '@cornerstonejs/core';
import { isSynthetic, seriesAttributes } from '@modality-synthesis/engine';
import type { Instance } from './types';

const MARK = 'synthetic-mark';
const WORDS = 'SYNTHETIC · not measured';

/**
 * Marks every cornerstone element that shows a synthetic image, whoever made it: an opaque child of the element itself,
 * decided by the tags of what is rendered. A site's overlay customizations cannot remove it, and OHIF's capture copies it
 * because the capture's own viewport is such an element too. Lasts as long as the page.
 */
export function startMarking(): void {
  const update = (event: Event) => {
    const { element } = (event as CustomEvent<{ element: HTMLDivElement }>).detail;
    if (element) setMark(element, showsSynthetic(element));
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

/** Whether any layer of the element's viewport is synthetic: the stack, each volume, each side of a fusion. */
function showsSynthetic(element: HTMLDivElement): boolean {
  const viewport = getEnabledElement(element)?.viewport;
  if (!viewport) return false;
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
  return layers.some(imageId => imageId !== undefined && isSyntheticImage(imageId));
}

/** Decided by the image's own tags. */
function isSyntheticImage(imageId: string): boolean {
  const instance = metaData.get('instance', imageId) as Instance | undefined;
  return instance !== undefined && isSynthetic(seriesAttributes(instance));
}

/** Viewports throw from getters while they are being set up. */
function safely<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

function setMark(element: HTMLElement, wanted: boolean): void {
  const present = element.querySelector<HTMLElement>(`:scope > [data-cy=${MARK}]`);
  if (!wanted) {
    present?.remove();
    return;
  }
  if (present && present === element.lastElementChild) return;
  element.append(present ?? createMark());
}

function createMark(): HTMLElement {
  const mark = document.createElement('div');
  mark.dataset.cy = MARK;
  mark.textContent = WORDS;
  mark.setAttribute('role', 'note');
  const style: Partial<CSSStyleDeclaration> = {
    position: 'absolute',
    top: '4px',
    left: '50%',
    transform: 'translateX(-50%)',
    width: 'max-content',
    maxWidth: 'calc(100% - 110px)',
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
