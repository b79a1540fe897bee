import { EVENTS, eventTarget } from '@cornerstonejs/core';

/** The first IMAGE_RENDERED of a viewport is of an empty one. */
const SHOWN = [EVENTS.STACK_NEW_IMAGE, EVENTS.VOLUME_NEW_IMAGE];
const LONGEST = 3000; // ms; a study may have no images to draw

/**
 * A task that waits until the viewer has drawn its first image, which it would delay; asked for meanwhile, it
 * runs once. Afterwards it runs whenever it is asked for.
 */
export function afterFirstImage(task: () => void): { ask: () => void; cancel: () => void } {
  let waits = true;
  let asked = false;
  const end = () => {
    waits = false;
    clearTimeout(timer);
    eventTarget.removeEventListener(EVENTS.ELEMENT_ENABLED, enabled);
  };
  const begin = () => {
    if (!waits) return;
    end();
    if (asked) task();
  };
  // After the next frame: then the picture is on the screen.
  const drawn = () => requestAnimationFrame(() => setTimeout(begin));
  const enabled = (event: Event) => {
    const { element } = (event as CustomEvent<{ element: HTMLDivElement }>).detail;
    for (const shown of SHOWN) element.addEventListener(shown, drawn, { once: true });
  };
  const timer = setTimeout(begin, LONGEST);
  eventTarget.addEventListener(EVENTS.ELEMENT_ENABLED, enabled);
  const ask = () => {
    asked = true;
    if (!waits) task();
  };
  return { ask, cancel: end };
}
