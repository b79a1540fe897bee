import { EVENTS, eventTarget } from '@cornerstonejs/core';
import { DIFFERENCE_LIMIT, differenceColour, isCheck, isCheckDifference } from '@modality-synthesis/engine';
import { t } from '../../i18n/translate';
import type { Instance } from '../types';
import { renderedInstances } from '../watermark/watermark';

const DATA_CY = 'synthesis-check-caption';

/**
 * Says on every cornerstone element that renders an image of a self-check what it is; a difference gets the
 * bar of its colours. Active as long as the page lives.
 */
export function startCheckCaptions(): void {
  const elementOf = (event: Event) => (event as CustomEvent<{ element: HTMLDivElement }>).detail.element;
  const update = (event: Event) => {
    const element = elementOf(event);
    if (element) setCaption(element, renderedInstances(element).find(isCheck));
  };
  const enable = (event: Event) => elementOf(event).addEventListener(EVENTS.IMAGE_RENDERED, update);
  const disable = (event: Event) => elementOf(event).removeEventListener(EVENTS.IMAGE_RENDERED, update);
  eventTarget.addEventListener(EVENTS.ELEMENT_ENABLED, enable);
  eventTarget.addEventListener(EVENTS.ELEMENT_DISABLED, disable);
}

function setCaption(element: HTMLElement, image: Instance | undefined): void {
  const present = element.querySelector<HTMLElement>(`:scope > [data-cy=${DATA_CY}]`);
  const kind = image && (isCheckDifference(image) ? 'difference' : 'remade');
  if (present?.dataset.kind === kind) return;
  present?.remove();
  if (kind) element.append(createCaption(kind));
}

function createCaption(kind: 'difference' | 'remade'): HTMLElement {
  const caption = document.createElement('div');
  Object.assign(caption.dataset, { cy: DATA_CY, kind });
  caption.setAttribute('role', 'note');
  if (kind === 'difference') addBar(caption);
  child(caption, {}).textContent = kind === 'difference' ? t('self-check/bar') : t('self-check/remade');
  Object.assign(caption.style, {
    position: 'absolute',
    // Above the viewport's lower overlays.
    bottom: '64px',
    left: '50%',
    transform: 'translateX(-50%)',
    width: 'min(240px, 70%)',
    padding: '4px 8px',
    background: 'rgb(0 0 0 / 85%)',
    color: '#fff',
    font: '11px/1.3 sans-serif',
    textAlign: 'center',
    borderRadius: '3px',
    pointerEvents: 'none',
    zIndex: '30',
  });
  return caption;
}

function addBar(caption: HTMLElement): void {
  const colour = (percent: number) => `rgb(${differenceColour(percent).join(' ')})`;
  const limit = DIFFERENCE_LIMIT;
  const scale = child(caption, {
    height: '10px',
    border: '1px solid #fff',
    background: `linear-gradient(to right, ${colour(-limit)}, ${colour(0)}, ${colour(limit)})`,
  });
  scale.setAttribute('aria-hidden', 'true');
  const ticks = child(caption, { display: 'flex', justifyContent: 'space-between' });
  for (const text of [`−${limit} %`, '0', `+${limit} %`]) child(ticks, {}).textContent = text;
}

function child(parent: HTMLElement, style: Partial<CSSStyleDeclaration>): HTMLElement {
  const element = document.createElement('div');
  Object.assign(element.style, style);
  parent.append(element);
  return element;
}
