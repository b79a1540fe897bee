/** A line of a chart: its values at 0, 1, 2 ... */
export interface Line {
  name: string;
  colour: string;
  values: readonly number[];
}

const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [860, 360, 56, 110, 16, 44];

/** An SVG of lines over the number of jobs, each with its name at its end; MB from zero upwards. */
export function curve(lines: readonly Line[]): string {
  const last = Math.max(...lines.map(({ values }) => values.length - 1), 1);
  const step = stepFor(Math.max(...lines.flatMap(({ values }) => values)));
  const top = step * Math.ceil(Math.max(...lines.flatMap(({ values }) => values)) / step);
  const x = (job: number) => LEFT + ((WIDTH - LEFT - RIGHT) * job) / last;
  const y = (megabytes: number) => HEIGHT - BOTTOM - ((HEIGHT - TOP - BOTTOM) * megabytes) / top;
  const text = (at: [number, number], words: string, more: string) =>
    `<text x="${at[0].toFixed(1)}" y="${at[1].toFixed(1)}" ${more}>${words}</text>`;
  const rows = Array.from({ length: Math.round(top / step) + 1 }, (_, n) => n * step).flatMap(value => [
    `<path d="M${LEFT} ${y(value).toFixed(1)}H${WIDTH - RIGHT}" stroke="#ddd"/>`,
    text([LEFT - 6, y(value) + 4], String(value), 'text-anchor="end"'),
  ]);
  const columns = Array.from({ length: 6 }, (_, n) => Math.round((last * n) / 5)).map(job =>
    text([x(job), HEIGHT - BOTTOM + 18], String(job), 'text-anchor="middle"'),
  );
  // From below upwards, none nearer to another than its height.
  const names = new Map<string, number>();
  let free = HEIGHT - BOTTOM + 4;
  for (const { name, values } of [...lines].sort((a, b) => (a.values.at(-1) ?? 0) - (b.values.at(-1) ?? 0))) {
    names.set(name, Math.min(y(values.at(-1) ?? 0) + 4, free));
    free = (names.get(name) ?? free) - 13;
  }
  const drawn = lines.flatMap(({ name, colour, values }) => [
    `<path d="M${values.map((v, job) => `${x(job).toFixed(1)} ${y(v).toFixed(1)}`).join('L')}" fill="none" stroke="${colour}" stroke-width="1.6"/>`,
    text([x(values.length - 1) + 6, names.get(name) ?? 0], name, `fill="${colour}"`),
  ]);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    '<title>Memory of the browser over the number of jobs</title>',
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    ...rows,
    ...columns,
    text([(WIDTH - RIGHT + LEFT) / 2, HEIGHT - 8], 'jobs', 'text-anchor="middle"'),
    text([8, TOP + 4], 'MB', ''),
    ...drawn,
    '</svg>',
    '',
  ].join('\n');
}

/** Between the grid's lines: 1, 2 or 5 times a power of ten, of which three to eight reach the top. */
function stepFor(top: number): number {
  const power = 10 ** Math.floor(Math.log10(top / 3));
  return [5, 2, 1].map(n => n * power).find(step => top / step >= 3) ?? power;
}
