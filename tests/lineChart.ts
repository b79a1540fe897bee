/** One line of a chart. */
export interface Line {
  name: string;
  points: readonly (readonly [x: number, y: number])[];
}

interface Axes {
  x: string;
  y: string;
  /** Of the x axis: logarithmic with a tick and a mark at each x, or linear with six ticks. */
  scale: 'logarithmic' | 'linear';
}

const SIZE = { width: 640, height: 320, left: 60, right: 190, top: 20, bottom: 45 };
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#000000'];

/** A chart as an SVG document: a y axis from 0, and the lines' names at the right. */
export function lineChart(title: string, axes: Axes, lines: readonly Line[]): string {
  const { width, height, left, right, top, bottom } = SIZE;
  const points = lines.flatMap(line => line.points);
  const xs = [...new Set(points.map(([x]) => x))].sort((a, b) => a - b);
  const logarithmic = axes.scale === 'logarithmic';
  const place = logarithmic ? Math.log : Number;
  const [from, to] = [xs[0], xs[xs.length - 1]];
  const ticks = logarithmic
    ? xs
    : Array.from({ length: 6 }, (_, n) => Math.round(from + ((to - from) * n) / 5));
  const step = niceStep(Math.max(...points.map(([, y]) => y)) / 5);
  const most = step * Math.ceil(Math.max(...points.map(([, y]) => y)) / step);
  const across = (x: number) =>
    (left + ((place(x) - place(from)) / (place(to) - place(from))) * (width - left - right)).toFixed(1);
  const down = (y: number) => (top + (1 - y / most) * (height - top - bottom)).toFixed(1);
  const text = (x: number | string, y: number | string, anchor: string, words: string, more = '') =>
    `<text x="${x}" y="${y}" text-anchor="${anchor}"${more}>${words}</text>`;
  const rows = Array.from({ length: Math.round(most / step) + 1 }, (_, n) => n * step);
  const middle = (top + height - bottom) / 2;
  const names = namePlaces(lines.map(({ points }) => Number(down(points[points.length - 1][1]))));
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
      return [
        `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"/>`,
        ...(logarithmic ? points : []).map(
          ([x, y]) => `<circle cx="${across(x)}" cy="${down(y)}" r="3" fill="${colour}"/>`,
        ),
        text(width - right + 8, names[n], 'start', name, ` fill="${colour}"`),
      ];
    }),
    '</svg>',
    '',
  ].join('\n');
}

/** Where names stand beside the ends of lines, none nearer to another than its height, from below upwards. */
function namePlaces(ends: readonly number[]): number[] {
  const places = [...ends];
  let free = Number.POSITIVE_INFINITY;
  for (const n of ends.map((_, n) => n).sort((a, b) => ends[b] - ends[a])) {
    places[n] = Math.min(ends[n] + 4, free);
    free = places[n] - 13;
  }
  return places;
}

/** The smallest of 1, 2, 5 times a power of ten that is not less. */
function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return power * (([1, 2, 5].find(n => n * power >= least) ?? 10) as number);
}
