/** One line of a chart. */
export interface Line {
  name: string;
  points: readonly (readonly [x: number, y: number])[];
}

const SIZE = { width: 640, height: 320, left: 60, right: 190, top: 20, bottom: 45 };
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7'];

/**
 * A chart as an SVG document: a logarithmic x axis with a tick at each x, a y axis from 0, and the lines'
 * names at the right.
 */
export function lineChart(title: string, axes: { x: string; y: string }, lines: readonly Line[]): string {
  const { width, height, left, right, top, bottom } = SIZE;
  const points = lines.flatMap(line => line.points);
  const ticks = [...new Set(points.map(([x]) => x))].sort((a, b) => a - b);
  const [first, last] = [Math.log(ticks[0]), Math.log(ticks[ticks.length - 1])];
  const step = niceStep(Math.max(...points.map(([, y]) => y)) / 5);
  const most = step * Math.ceil(Math.max(...points.map(([, y]) => y)) / step);
  const across = (x: number) =>
    (left + ((Math.log(x) - first) / (last - first)) * (width - left - right)).toFixed(1);
  const down = (y: number) => (top + (1 - y / most) * (height - top - bottom)).toFixed(1);
  const text = (x: number | string, y: number | string, anchor: string, words: string, more = '') =>
    `<text x="${x}" y="${y}" text-anchor="${anchor}"${more}>${words}</text>`;
  const rows = Array.from({ length: Math.round(most / step) + 1 }, (_, n) => n * step);
  const middle = (top + height - bottom) / 2;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12" role="img">`,
    `<title>${title}</title>`,
    `<rect width="${width}" height="${height}" fill="white"/>`,
    ...rows.flatMap(y => [
      `<line x1="${left}" x2="${width - right}" y1="${down(y)}" y2="${down(y)}" stroke="#ddd"/>`,
      text(left - 6, Number(down(y)) + 4, 'end', String(y)),
    ]),
    ...ticks.map(x => text(across(x), height - bottom + 18, 'middle', String(x))),
    text((left + width - right) / 2, height - 8, 'middle', axes.x),
    text(16, middle, 'middle', axes.y, ` transform="rotate(-90 16 ${middle})"`),
    ...lines.flatMap(({ name, points }, n) => {
      const colour = COLOURS[n % COLOURS.length];
      const path = points.map(([x, y]) => `${across(x)},${down(y)}`).join(' ');
      const [, end] = points[points.length - 1];
      return [
        `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"/>`,
        ...points.map(([x, y]) => `<circle cx="${across(x)}" cy="${down(y)}" r="3" fill="${colour}"/>`),
        text(width - right + 8, Number(down(end)) + 4, 'start', name, ` fill="${colour}"`),
      ];
    }),
    '</svg>',
    '',
  ].join('\n');
}

/** The smallest of 1, 2, 5 times a power of ten that is not less. */
function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return power * (([1, 2, 5].find(n => n * power >= least) ?? 10) as number);
}
