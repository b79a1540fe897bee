/** Between the box and what it keeps clear of, CSS pixels. */
const GAP = 4;

/**
 * Keeps a box at the bottom of its element, above the viewer's texts in the lower corners where it is too
 * wide to stand between them, whenever one of them changes its size.
 * @param box absolutely positioned child of the element
 * @returns ends it
 */
export function keepClear(box: HTMLElement, element: HTMLElement): () => void {
  const texts = [...(element.parentElement?.querySelectorAll('[data-cy^="viewport-overlay-bottom"]') ?? [])];
  const place = () => {
    const { left, right } = box.getBoundingClientRect();
    const { bottom } = element.getBoundingClientRect();
    const covered = texts
      .map(text => text.getBoundingClientRect())
      .filter(text => text.height > 0 && text.left < right + GAP && text.right > left - GAP);
    box.style.bottom = `${bottom - Math.min(bottom, ...covered.map(text => text.top)) + GAP}px`;
  };
  const observer = new ResizeObserver(place);
  for (const part of [element, box, ...texts]) observer.observe(part);
  return () => observer.disconnect();
}
