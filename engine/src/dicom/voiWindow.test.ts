import { describe, expect, it } from 'vitest';
import { voiWindow } from './voiWindow';

const whole = { WindowCenter: 2048, WindowWidth: 4096 };

/** The grey level of 255 of a stored value (PS3.3 C.11.2.1.2.1). */
function shown(value: number, { WindowCenter, WindowWidth }: typeof whole): number {
  const share = (value - (WindowCenter - 0.5)) / (WindowWidth - 1) + 0.5;
  return 255 * Math.min(1, Math.max(0, share));
}

describe('voiWindow', () => {
  it('goes from one percentile of the region to another; the background does not count', () => {
    const region = Uint16Array.from({ length: 1000 }, (_, i) => i + 1);
    const stored = Uint16Array.from([...new Uint16Array(5000), ...region]);
    const window = voiWindow(stored, [10, 99], whole);
    expect(window).toEqual({ WindowCenter: 546, WindowWidth: 891 });
    expect(shown(100, window)).toBeLessThan(1);
    expect(shown(990, window)).toBeGreaterThan(254);
  });

  it('tells tissues further apart than the whole range does, whatever a few voxels are', () => {
    const tissue = (value: number, count: number) =>
      Array.from({ length: count }, (_, i) => value + (i % 41));
    const [fluid, grey, white] = [tissue(1300, 200), tissue(2450, 400), tissue(3000, 400)];
    const stored = Uint16Array.from([0, 0, ...fluid, ...grey, ...white, 1, 60000]);
    const window = voiWindow(stored, [12, 99], whole);
    const apart = (w: typeof whole) => shown(3000, w) - shown(2450, w);
    expect(apart(window)).toBeGreaterThan(2 * apart(whole));
  });

  it.each([
    ['empty', []],
    ['black', [0, 0, 0]],
    ['of one value', [0, 7, 7, 7]],
  ])('falls back for an image that is %s', (_, stored) => {
    expect(voiWindow(Uint16Array.from(stored), [10, 99], whole)).toEqual(whole);
  });
});
