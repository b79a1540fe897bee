import { decimal, type ErrorMap, errorUnitMessage } from '@modality-synthesis/engine';
import { t, translate, translateBundleText } from '../../i18n/translate';
import type { Display, Drawing } from '../../session/ErrorMapViews';
import { digitsOf } from '../../session/errorScale';
import { COLOURS } from './colourScale';

type Style = Partial<CSSStyleDeclaration>;

/** Colour of the contour: no grey, no colour of the scale's ends, none of OHIF's annotations. */
export const CONTOUR = '#ff5cd6';

/** The box at the bottom of a viewport that holds legend and readout. */
export function createBox(): HTMLElement {
  const box = element('div', {
    position: 'absolute',
    bottom: '4px',
    left: '50%',
    transform: 'translateX(-50%)',
    width: 'max-content',
    maxWidth: 'calc(100% - 16px)',
    boxSizing: 'border-box',
    padding: '3px 10px 2px',
    background: 'rgba(0, 0, 0, 0.75)',
    color: '#fff',
    font: '11px/1.35 sans-serif',
    textAlign: 'center',
    borderRadius: '3px',
    pointerEvents: 'none',
    zIndex: '20',
  });
  box.dataset.cy = 'error-map-legend';
  box.setAttribute('role', 'note');
  return box;
}

/**
 * Explains what is drawn: a colour bar with unit, ticks and threshold, or the contour's line; the hatching
 * with its sentence, where there is some.
 */
export function legendOf(
  { unit, region }: ErrorMap,
  display: Display,
  { threshold, upper }: Drawing,
  hatched: boolean,
): HTMLElement[] {
  const value = decimal(threshold, digitsOf(upper));
  return [
    ...(region && hatched ? [line(hatchSample(), translateBundleText(region.text))] : []),
    ...(display === 'contour'
      ? [line(contourSample(), t('error-map/contour-at', { value, unit: errorUnitMessage(unit) }))]
      : [line(t('error-map/title', { unit: errorUnitMessage(unit) })), colourBar(threshold, upper)]),
  ];
}

function colourBar(threshold: number, upper: number): HTMLElement {
  const share = Math.min(1, threshold / upper);
  const bar = element('div', {
    position: 'relative',
    width: '180px',
    marginTop: '2px',
    marginInline: 'auto',
  });
  const colours = element('div', {
    height: '10px',
    boxShadow: '0 0 0 1px #fff',
    // What is below the threshold is not drawn.
    background: `linear-gradient(90deg, #000 ${100 * share}%, transparent 0), linear-gradient(90deg, ${COLOURS.join()})`,
  });
  const mark = element('div', {
    position: 'absolute',
    top: '0',
    left: `calc(${100 * share}% - 1px)`,
    width: '2px',
    height: '10px',
    background: '#fff',
  });
  mark.dataset.cy = 'error-map-threshold-mark';
  const ticks = element('div', { position: 'relative', height: '15px' });
  ticks.append(...[0, upper / 2, upper].map(value => tick(value, upper)));
  bar.append(colours, mark, ticks);
  return bar;
}

/** One line of the legend. */
function line(...parts: (HTMLElement | string)[]): HTMLElement {
  const row = element('div', {});
  row.append(...parts);
  return row;
}

function hatchSample(): HTMLElement {
  return sample({
    height: '10px',
    background: 'repeating-linear-gradient(135deg, #fff 0 2px, #000 2px 3px, #555 3px 6px)',
  });
}

function contourSample(): HTMLElement {
  return sample({ height: '2px', background: CONTOUR, verticalAlign: 'middle' });
}

function sample(style: Style): HTMLElement {
  return element('span', { display: 'inline-block', width: '22px', marginRight: '6px', ...style });
}

/** A number below its place on the bar; the last one stands for all above, too. */
function tick(value: number, upper: number): HTMLElement {
  const text = element('span', {
    position: 'absolute',
    left: `${(100 * value) / upper}%`,
    transform: 'translateX(-50%)',
    whiteSpace: 'nowrap',
  });
  const number = translate(decimal(value, Number.isInteger(value) ? 0 : 1));
  text.textContent = value === upper ? t('error-map/or-more', { value: number }) : number;
  return text;
}

function element(name: 'div' | 'span', style: Style): HTMLElement {
  const made = document.createElement(name);
  Object.assign(made.style, style);
  return made;
}
