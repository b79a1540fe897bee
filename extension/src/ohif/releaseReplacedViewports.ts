import { EVENTS, eventTarget, getEnabledElement, StackViewport } from '@cornerstonejs/core';

/**
 * Has each stack viewport that ends give up its image. OHIF makes a new one for every series that an element
 * shows, and its listeners on the element keep the old ones, with an image and a copy of its pixels each, as
 * long as the element lives: a day of results would be hundreds. Active as long as the page lives.
 */
export function releaseReplacedViewports(): void {
  eventTarget.addEventListener(EVENTS.ELEMENT_DISABLED, (event: Event) => {
    const { element } = (event as CustomEvent<{ element: HTMLDivElement }>).detail;
    const viewport = getEnabledElement(element)?.viewport;
    if (!(viewport instanceof StackViewport)) return;
    viewport.removeAllActors();
    // Private in cornerstone 5, and undefined before the first image.
    for (const field of ['csImage', '_imageData']) Reflect.deleteProperty(viewport, field);
  });
}
