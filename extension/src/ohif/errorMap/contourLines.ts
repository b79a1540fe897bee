/**
 * Marching squares: the lines on which a field has a value, linear between samples.
 * @param values samples by row; cells with a NaN corner have no line
 * @param width samples in a row
 * @returns segments as x0, y0, x1, y1, in samples; sample (x, y) is at (x, y)
 */
export function contourLines(values: Float32Array, width: number, level: number): number[] {
  const height = values.length / width;
  const lines: number[] = [];
  for (let y = 0; y + 1 < height; y++) {
    for (let x = 0, i = y * width; x + 1 < width; x++, i++) {
      const a = values[i];
      const b = values[i + 1];
      const c = values[i + width + 1];
      const d = values[i + width];
      const above = (a >= level ? 1 : 0) | (b >= level ? 2 : 0) | (c >= level ? 4 : 0) | (d >= level ? 8 : 0);
      if (above === 0 || above === 15 || Number.isNaN(a + b + c + d)) continue;
      // Crossings of the cell's sides, clockwise from the upper one.
      const sides = [
        [x + crossing(a, b, level), y],
        [x + 1, y + crossing(b, c, level)],
        [x + crossing(d, c, level), y + 1],
        [x, y + crossing(a, d, level)],
      ];
      for (const [from, to] of SEGMENTS[above]) lines.push(...sides[from], ...sides[to]);
    }
  }
  return lines;
}

const crossing = (a: number, b: number, level: number): number => (level - a) / (b - a);

/** Pairs of crossed sides by the corners above the level: bits 1, 2, 4, 8 clockwise from the upper left. */
const SEGMENTS: readonly (readonly (readonly [number, number])[])[] = [
  [],
  [[3, 0]],
  [[0, 1]],
  [[3, 1]],
  [[1, 2]],
  [
    [3, 0],
    [1, 2],
  ],
  [[0, 2]],
  [[3, 2]],
  [[2, 3]],
  [[0, 2]],
  [
    [0, 1],
    [2, 3],
  ],
  [[1, 2]],
  [[3, 1]],
  [[0, 1]],
  [[3, 0]],
  [],
];
