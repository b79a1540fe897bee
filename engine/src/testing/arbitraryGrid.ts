import fc from 'fast-check';
import type { Grid, Point3 } from '../volume/Volume';
import { turnedGrid } from './linear';

/** Real numbers between two. */
export const between = (min: number, max: number) => fc.double({ min, max, noNaN: true });

const axis = fc
  .tuple(between(-1, 1), between(-1, 1), between(-1, 1))
  .filter(v => Math.hypot(...v) > 0.1) as fc.Arbitrary<Point3>;

/**
 * Grids of these dimensions as scanners make them: any spacing, any angle, anywhere within 200 mm of the
 * centre.
 */
export function arbitraryGrid(dims: Point3): fc.Arbitrary<Grid> {
  return fc
    .tuple(
      fc.tuple(between(0.2, 5), between(0.2, 5), between(0.5, 10)),
      fc.tuple(between(-200, 200), between(-200, 200), between(-200, 200)),
      between(0, 6.3),
      axis,
    )
    .map(([spacing, origin, angle, about]) => turnedGrid(dims, spacing, origin, angle, about));
}
