import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { METHODS } from '../methods';
import { leastSquares } from '../testing/methods/leastSquares/leastSquares';
import { tinyLeastSquares } from '../testing/methods/leastSquares/tinyBundle';
import { threeSeries, writePhantomStudy } from '../testing/phantomStudy';
import { recordingConsole } from '../testing/recordingConsole';
import { TINY_BUNDLE, temporaryFolder } from '../testing/tools';
import { main } from './cli';
import { readDerivedImage, storedValues } from './readDerivedImage';

// docs/adding-a-method.md to the letter, but for the line in methods/index.ts.
const methods = [...METHODS, leastSquares];

let root: string;
let study: string;
let bundle: string;
let cleanUp: () => Promise<void>;

beforeAll(async () => {
  ({ folder: root, cleanUp } = await temporaryFolder());
  study = path.join(root, 'study');
  bundle = path.join(root, 'bundle');
  await writePhantomStudy(study, { number: 47, series: threeSeries });
  await mkdir(bundle);
  await writeFile(path.join(bundle, 'bundle.json'), JSON.stringify(tinyLeastSquares()));
});
afterAll(() => cleanUp());

async function run(...args: string[]) {
  const { written, console } = recordingConsole();
  const code = await main(['--study', study, ...args], console, methods);
  return { code, ...written };
}

const job = (out: string, ...args: string[]) =>
  run('--bundle', bundle, '--out', path.join(root, out), '--json', ...args);

it('runs, records and makes again with a second method', async () => {
  const { code, out, err } = await job(
    'made',
    '--target',
    'flair:gain=0.5',
    '--sources',
    't1,t2',
    '--rank',
    '2',
  );
  expect(err).toContain('Copying for FLAIR 1 / 1');
  expect(code).toBe(0);
  const report = JSON.parse(out);
  expect(report).toMatchObject({
    bundle: { id: 'tiny-least-squares' },
    method: 'least-squares',
    rank: 2,
    outputs: [{ target: 'flair', meanSpread: expect.closeTo(0.05, 5) }],
  });
  expect(Object.keys(report.seconds)).toEqual([
    'read',
    'register',
    'brain',
    'download',
    'check',
    'prepare',
    'copy',
    'finish',
  ]);
  const made = path.join(root, 'made/flair');
  const image = path.join(made, (await readdir(made)).sort()[17]);
  const { record, instance } = await readDerivedImage(image, methods);
  expect(record).toMatchObject({
    target: 'flair',
    parameters: { gain: 0.5 },
    method: { id: 'least-squares', options: { rank: 2 } },
  });
  expect(instance.SeriesDescription).toBe('SYNTHETIC FLAIR (LEAST-SQUARES, gain 0.5)');
  // 0.5 * (0.9 - 0.5 * T2) with T2 from 0 to 1, stored in units of 4096.
  const values = Array.from(await storedValues(image, instance)).filter(v => v > 0);
  expect(Math.max(...values)).toBeLessThanOrEqual(0.45 * 4096 + 1);
  expect(new Set(values).size).toBeGreaterThan(100);

  const again = await run('--again', image, '--bundle', bundle, '--out', path.join(root, 'again'), '--json');
  expect([again.code, again.err.split('\n').at(-1)]).toEqual([0, '']);
  expect(JSON.parse(again.out).again).toMatchObject({ identical: true, largestDifference: 0 });
}, 170_000);

it('lists what the methods let a person set', async () => {
  const { out } = await run('--help');
  expect(out).toContain('  --paths N          Paths, 1 to 16 (default: what the bundle says)\n');
  expect(out).toContain(
    '  --rank N           rank of the source by its error, 1 to 4 (default: what the bundle says)\n',
  );
});

it.each([
  [['--target', 'flair', '--paths', '2'], 'Unrecognized key: "paths"'],
  [['--target', 'flair:gain=3'], 'cannot make FLAIR with “gain” of 3'],
  [['--target', 'flair:dose=1'], 'cannot make FLAIR with “dose” of 1'],
  [['--target', 'flair:gain=x'], '--target flair:gain must be a number'],
  [['--target', 'flair', '--rank', '5'], '--rank must be a whole number from 1 to 4'],
])('refuses %j', async (args, words) => {
  const { code, out, err } = await job('refused', ...args, '--sources', 't1,t2');
  expect([code, out]).toEqual([1, '']);
  expect(err).toContain(words);
});

it('knows the methods apart', async () => {
  const { code, err } = await run(
    ...[
      '--bundle',
      TINY_BUNDLE,
      '--out',
      path.join(root, 'other'),
      '--target',
      'flair',
      '--sources',
      't1,t2',
      '--rank',
      '1',
    ],
  );
  expect(code).toBe(1);
  expect(err).toContain('Unrecognized key: "rank"');
});
