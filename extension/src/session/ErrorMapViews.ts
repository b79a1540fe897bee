import { asSynthesisError, type ErrorMap, type Message } from '@modality-synthesis/engine';
import { message } from '../i18n/message';

import { defaultUpperEnd } from './errorScale';

/** Ways to show an expected error over its series, in the order of the hotkey. */
export const DISPLAYS = ['off', 'contour', 'overlay'] as const;
export type Display = (typeof DISPLAYS)[number];

/** How a map is drawn. Errors in per cent of its unit. */
export interface Drawing {
  /** Errors below are not drawn; the contour is where they reach it. */
  threshold: number;
  /** Upper end of the colour scale. */
  upper: number;
  /** Of the overlay, 0 to 1. */
  opacity: number;
}

/** What is shown of the expected error of a series. */
export interface ErrorMapView {
  display: Display;
  /** Undefined while it is off, or being made. */
  map?: ErrorMap;
  drawing: Drawing;
  /** Why it was turned off. */
  failure?: Message;
}

const INITIAL: ErrorMapView = { display: 'off', drawing: { threshold: 0, upper: 0, opacity: 0.5 } };

/** Share of the colour scale at which the threshold stands first. */
const FIRST_THRESHOLD = 0.5;

/**
 * What is shown of the expected errors of synthetic series. A map is asked for when it is to be shown, and
 * held no longer; how it is drawn is kept per series as long as the page lives.
 */
export class ErrorMapViews {
  private readonly views = new Map<string, ErrorMapView>();
  private readonly listeners = new Set<() => void>();

  /** @param errorMap makes or reads the map of a series; throws SynthesisError */
  constructor(private readonly errorMap: (SeriesInstanceUID: string) => Promise<ErrorMap>) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** A new object at every change. */
  of(SeriesInstanceUID: string): ErrorMapView {
    return this.views.get(SeriesInstanceUID) ?? INITIAL;
  }

  /** Whether the map of any series is to be shown. */
  anyShown(): boolean {
    return [...this.views.values()].some(({ display }) => display !== 'off');
  }

  /** Shows the map of a series in another way. Never throws: a failure turns it off and says why. */
  async show(SeriesInstanceUID: string, display: Display): Promise<void> {
    const before = this.of(SeriesInstanceUID);
    if (display === 'off')
      return this.set(SeriesInstanceUID, { display, map: undefined, failure: undefined });
    this.set(SeriesInstanceUID, { display, failure: undefined });
    if (before.display !== 'off') return;
    try {
      const map = await this.errorMap(SeriesInstanceUID);
      const { display, drawing } = this.of(SeriesInstanceUID);
      if (display === 'off') return;
      this.set(SeriesInstanceUID, { map, drawing: drawing.upper > 0 ? drawing : firstDrawing(map, drawing) });
    } catch (thrown) {
      const error = asSynthesisError(thrown, 'inference-failed', message('error-map/failed'));
      console.error('[modality-synthesis]', error.code, error.message, error.cause);
      this.set(SeriesInstanceUID, { display: 'off', map: undefined, failure: error.text });
    }
  }

  /** off -> contour -> overlay -> off */
  cycle(SeriesInstanceUID: string): Promise<void> {
    const next = (DISPLAYS.indexOf(this.of(SeriesInstanceUID).display) + 1) % DISPLAYS.length;
    return this.show(SeriesInstanceUID, DISPLAYS[next]);
  }

  /** Changes how a map is drawn; the threshold stays on the colour scale. */
  draw(SeriesInstanceUID: string, change: Partial<Drawing>): void {
    const drawing = { ...this.of(SeriesInstanceUID).drawing, ...change };
    const threshold = Math.min(drawing.threshold, drawing.upper);
    this.set(SeriesInstanceUID, { drawing: { ...drawing, threshold } });
  }

  /** Turns the maps of other series off: a series that was removed or closed holds no map. */
  keep(isLoaded: (SeriesInstanceUID: string) => boolean): void {
    for (const [uid, { display }] of this.views)
      if (display !== 'off' && !isLoaded(uid)) void this.show(uid, 'off');
  }

  private set(SeriesInstanceUID: string, change: Partial<ErrorMapView>): void {
    this.views.set(SeriesInstanceUID, { ...this.of(SeriesInstanceUID), ...change });
    for (const listener of this.listeners) listener();
  }
}

function firstDrawing({ volume }: ErrorMap, drawing: Drawing): Drawing {
  const upper = defaultUpperEnd(volume.data);
  return { ...drawing, upper, threshold: FIRST_THRESHOLD * upper };
}
