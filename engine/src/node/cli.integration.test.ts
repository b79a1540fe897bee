import { spawn, spawnSync } from 'node:child_process';
import { copyFile, cp, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readEncodedFrames } from '../dicom/node/files';
import type { RoleId } from '../domains/Role';
import { METHODS } from '../methods';
import { CHECK_IDS } from '../preflight/report';
import { sortSlices } from '../series/slices';
import { phantomDatasets, threeSeries, writeDatasets, writePhantomStudy } from '../testing/phantomStudy';
import { hasTool, TINY_BUNDLE, temporaryFolder } from '../testing/tools';
import { main } from './cli';
import type { JsonReport } from './JobReport';
import { readDerivedImage } from './readDerivedImage';
import { type FileSeries, readStudy } from './readStudy';

let root: string;
let study: string;
let cleanUp: () => Promise<void>;

beforeAll(async () => {
  ({ folder: root, cleanUp } = await temporaryFolder());
  study = path.join(root, 'study');
  await writePhantomStudy(study, { number: 41, series: threeSeries });
});
afterAll(() => cleanUp());

/** Runs the command line in this process. */
async function run(args: readonly string[], signal?: AbortSignal) {
  const sink = () => {
    const written: string[] = [];
    return { written, write: (text: string | Uint8Array) => written.push(String(text)) > 0 };
  };
  const [out, err] = [sink(), sink()];
  const code = await main(args, { stdout: out, stderr: err, signal });
  return { code, stdout: out.written.join(''), stderr: err.written.join('') };
}

const args = (out: string, ...more: string[]) => [
  ...['--study', study, '--out', path.join(root, out), '--bundle', TINY_BUNDLE, '--target', 't1ce'],
  ...more,
];

const seriesOf = async (folder: string, role: RoleId): Promise<FileSeries> => {
  const { series } = await readStudy(folder);
  return series[threeSeries.findIndex(s => s.role === role)];
};

const pixels = async (files: readonly string[]) =>
  Buffer.concat(await Promise.all(files.map(async file => (await readEncodedFrames(file))[0].bytes)));

describe('the command line', () => {
  const two = ['--sources', 't1,t2'];
  let first: Awaited<ReturnType<typeof run>>;
  beforeAll(async () => {
    first = await run(args('first', '--seed', '7', ...two));
  });

  it('checks its sources on request: in the report, in the record, and for a person', async () => {
    const { code, stdout } = await run(args('checked', ...two, '--check', '--json'));
    expect(code).toBe(0);
    const { check, outputs } = JSON.parse(stdout) as JsonReport;
    const figure = { value: expect.any(Number) };
    const figures = { psnr: figure, ssim: figure, mae: figure };
    const lesion = { mae: expect.any(Number), millilitres: expect.any(Number) };
    expect(check).toEqual([
      { role: 't1', sources: ['t2'], ...figures },
      { role: 't2', sources: ['t1'], ...figures, lesion },
    ]);
    const { record } = await readDerivedImage(outputs[0].files[0], METHODS);
    expect(record.check).toEqual(check);
    // The same pixels as without it.
    const plain = JSON.parse((await run(args('unchecked', ...two, '--json'))).stdout) as JsonReport;
    expect(plain.check).toBeUndefined();
    expect((await pixels(outputs[0].files)).equals(await pixels(plain.outputs[0].files))).toBe(true);
    const told = await run(args('told', ...two, '--check'));
    expect(told.stdout).toMatch(
      /Check: T1 made again from T2: PSNR, dB \d+\.\d\d \(not measured on other patients\)/,
    );
    expect(told.stdout).toContain('A check of other contrasts tells nothing about enhancement.');
  });

  it('refuses to check a single source', async () => {
    const { code, stderr } = await run(args('single', '--sources', 't1', '--check', '--accept-warnings'));
    expect(code).toBe(1);
    expect(stderr).toContain('Choose two sources or more');
  });

  it('makes two series and prints one JSON object', async () => {
    const chosen = ['--reference', 't1', '--seed', '5', '--target', 't1ce:sample=1,flair'];
    const { code, stdout, stderr } = await run(args('json', ...two, ...chosen, '--json'));
    expect(stderr).toMatch(/^10 %: Reading image/);
    expect(stderr).toMatch(/100 %: Writing the DICOM series\n$/);
    expect(code).toBe(0);
    expect(stdout.trim().split('\n')).toHaveLength(1);
    const report = JSON.parse(stdout) as JsonReport;
    expect(report).toMatchObject({
      bundle: { id: 'cdm-tiny', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      brain: { id: 'brain-extraction', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      sources: [
        {
          contrast: 't1',
          SeriesDescription: 'AX T1',
          confidence: 'medium',
          reasons: expect.arrayContaining([expect.stringContaining('the description says “t1”')]),
        },
        { contrast: 't2', SeriesDescription: 'AX T2', alignment: { registered: false } },
      ],
      reference: 't1',
      refused: [{ SeriesDescription: 'AX T2 FLAIR', reasons: ['Its contrast is not in --sources.'] }],
      preflight: { level: 'green', pending: [] },
      outputs: [
        { target: 't1ce', meanSpread: expect.any(Number) },
        { target: 'flair', meanSpread: expect.any(Number) },
      ],
      provider: 'cpu',
      precision: 'fp32',
      seed: 5,
      warnings: [
        'Predicted, not measured.',
        expect.stringContaining('Sample 1'),
        expect.stringContaining('excludes nothing'),
        expect.stringContaining('Enhancement is not predicted'),
      ],
    });
    expect(report.preflight!.checks.map(c => c.id)).toEqual(
      CHECK_IDS.filter(id => id !== 'server' && id !== 'parameters'),
    );
    expect(Object.keys(report.seconds)).toEqual([
      'read',
      'register',
      'brain',
      'download',
      'check',
      'prepare',
      'images',
      'samples',
      'finish',
    ]);
    expect(report.peakMemoryMiB).toBeGreaterThan(20);
    const [first, second] = report.outputs;
    expect(first.files.map(f => path.relative(path.join(root, 'json'), f))).toEqual(
      Array.from({ length: 36 }, (_, k) => path.join('t1ce', `IM${String(k + 1).padStart(4, '0')}.dcm`)),
    );
    expect(first.SeriesInstanceUID).not.toBe(second.SeriesInstanceUID);
    expect((await readdir(path.join(root, 'json'))).sort()).toEqual(['flair', 't1ce']);
    const made = await readStudy(path.join(root, 'json'));
    expect(made.series.map(s => s.SeriesNumber)).toEqual([901, 902]);
    expect(made.series.map(s => s.attributes.SyntheticData)).toEqual(['YES', 'YES']);
  });

  it('makes the same pixels of the same seed, other ones of another, on the grid of the reference', async () => {
    for (const [name, seed] of [
      ['sampled', '7'],
      ['same', '7'],
      ['other', '8'],
    ]) {
      const sample = args(name, '--target', 't1ce:sample=1', '--seed', seed, ...two, '--accept-warnings');
      expect((await run(sample)).code).toBe(0);
    }
    const made = async (name: string) => {
      const folder = path.join(root, name, 't1ce');
      return pixels((await readdir(folder)).sort().map(file => path.join(folder, file)));
    };
    const values = await made('sampled');
    expect(values.some(v => v > 0)).toBe(true);
    expect(values.equals(await made('first'))).toBe(false);
    expect(values.equals(await made('same'))).toBe(true);
    expect(values.equals(await made('other'))).toBe(false);
    // T2 has the finest pixels and is within 20 degrees of axial.
    const grid = sortSlices((await seriesOf(study, 't2')).files, 'T2').grid;
    const [series] = (await readStudy(path.join(root, 'first'))).series;
    const result = sortSlices(series.files, 'result').grid;
    expect(result.dims).toEqual(grid.dims);
    for (const [n, v] of grid.indexToWorld.entries()) expect(result.indexToWorld[n]).toBeCloseTo(v, 4);
  });

  it('writes what dciodvfy accepts but for SyntheticData', async ({ skip }) => {
    if (!hasTool('dciodvfy')) skip('dciodvfy is not installed');
    const image = path.join(root, 'first/t1ce/IM0003.dcm');
    const { stderr } = spawnSync('dciodvfy', [image], { encoding: 'utf8' });
    const errors = stderr
      .split('\n')
      .filter(line => /^Error/.test(line) && !line.includes('(0x0008,0x001c)'));
    expect(errors).toEqual([]);
  });

  it('reads a compressed study to the same pixels', async ({ skip }) => {
    if (!hasTool('dcmcjpls')) skip('dcmcjpls is not installed');
    const compressed = path.join(root, 'compressed');
    await cp(study, compressed, { recursive: true });
    for (const { path: file } of (await readStudy(compressed)).series.slice(0, 2).flatMap(s => s.files)) {
      spawnSync('dcmcjpls', [file, file]);
    }
    expect((await run(args('packed', '--seed', '7', ...two, '--study', compressed))).code).toBe(0);
    const [a, b] = await Promise.all(
      ['first', 'packed'].map(async name =>
        (await readStudy(path.join(root, name))).series[0].files.map(f => f.path),
      ),
    );
    expect((await pixels(a)).equals(await pixels(b))).toBe(true);
  });

  it('says in words what it made', () => {
    const { code, stdout } = first;
    expect(code).toBe(0);
    expect(stdout).toContain(`Synthetic T1 post-contrast: 33 files in ${path.join(root, 'first/t1ce')}`);
    expect(stdout).toContain('Predicted, not measured.');
    expect(stdout).toMatch(/T1 aligned with T2 within 0\.\d mm, \d\.\d degrees\./);
    expect(stdout).toContain('the absence of enhancement in it excludes nothing');
  });

  it('stops at a warning of its preflight until it is accepted', async () => {
    const one = ['--sources', 't2', '--json'];
    const stopped = await run(args('amber', ...one));
    expect(stopped.code).toBe(1);
    expect(stopped.stderr).toMatch(/\nThere is one source, T2.* give --accept-warnings\.\n$/);
    expect(JSON.parse(stopped.stdout).preflight).toMatchObject({ level: 'amber', pending: [] });
    expect(await readdir(root)).not.toContain('amber');
    const accepted = await run(args('amber', ...one, '--accept-warnings'));
    expect(accepted.code).toBe(0);
    expect(JSON.parse(accepted.stdout)).toMatchObject({
      preflight: { level: 'amber' },
      warnings: expect.arrayContaining([expect.stringContaining('There is one source')]),
    });
  });

  it('explains itself', async () => {
    const { code, stdout, stderr } = await run(['--help']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^Usage: synthesize --study DIR/);
  });
});

describe('the command line refuses in one text and leaves nothing', () => {
  const refused = async (words: string | RegExp, given: readonly string[], out = 'refused') => {
    const { code, stdout, stderr } = await run(given);
    const text = stderr.split('\n').filter(line => !/^\d+ %/.test(line));
    expect(text).toEqual([expect.stringMatching(words), '']);
    expect([code, stdout]).toEqual([1, '']);
    expect(await readdir(root)).not.toContain(out);
  };

  it.each([
    ['an unknown option', ['--frobnicate'], "Unknown option '--frobnicate'"],
    ['a folder that is not there', ['--study', '/nowhere'], 'The folder /nowhere cannot be read'],
    ['no bundle', ['--bundle', '/nowhere'], 'There is no bundle.json in /nowhere/'],
    ['no brain bundle', ['--brain-bundle', '/nowhere'], /in \/nowhere\/; .*--brain-bundle\.$/],
    ['a target that was acquired', ['--target', 'flair'], /FLAIR was acquired .*give --sources t1,t2\.$/],
    [
      'a source that is not there',
      ['--target', 't2', '--sources', 't1,t1ce'],
      'recognized as T1 post-contrast; take t1ce',
    ],
    ['a reference that is no source', ['--reference', 't1ce'], '--reference must be one of t1, t2, flair'],
  ])('%s', async (_, more, words) => {
    await refused(words, args('refused', ...more));
  });

  it('a folder without DICOM, and one with two studies', async () => {
    const empty = path.join(root, 'no-dicom');
    await mkdir(empty);
    await writeFile(path.join(empty, 'notes.txt'), 'nothing');
    await refused('There is no DICOM image in', args('refused', '--study', empty));
    const two = path.join(root, 'two');
    const [one] = threeSeries;
    const uids = [];
    for (const number of [51, 52]) {
      uids.push(await writePhantomStudy(path.join(two, String(number)), { number, series: [one] }));
    }
    await refused(`2 studies \\(StudyInstanceUID ${uids.join(' and ')}\\)`, args('refused', '--study', two));
  });

  it('a series with a hole, before anything is read, with the report', async () => {
    const holed = path.join(root, 'holed');
    await cp(study, holed, { recursive: true });
    await rm(path.join(holed, '2_t2/IM0010.dcm'));
    const given = args('refused', '--study', holed);
    await refused(
      /^The series “AX T2” cannot be used: 1 slice is missing between images 10 and 12\. .* as T2, or none\.$/,
      given,
    );
    const { code, stdout, stderr } = await run([...given, '--json', '--accept-warnings']);
    expect(stderr).not.toContain('Reading');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      preflight: {
        level: 'red',
        checks: expect.arrayContaining([expect.objectContaining({ id: 'sources', level: 'red' })]),
      },
    });
  });

  it('a study of two patients, and tells what it left out', async () => {
    const mixed = path.join(root, 'mixed');
    const [t1, t2] = phantomDatasets({ number: 53, series: threeSeries.slice(0, 2) });
    const others = t2.map(image => ({ ...image, PatientID: 'OTHER-77', PatientName: 'Somebody^Else' }));
    await writeDatasets(path.join(mixed, 't1'), t1);
    await writeDatasets(path.join(mixed, 't2'), others);
    await writeFile(path.join(mixed, 'notes.txt'), 'nothing');
    const { code, stderr } = await run(args('refused', '--study', mixed));
    expect(code).toBe(1);
    expect(stderr.split('\n')).toEqual([
      `Left out 1 file that is not DICOM: ${path.join(mixed, 'notes.txt')}.`,
      expect.stringMatching(
        /^The study names two patients: “AX T1” is of PHANTOM\^53, PHANTOM-53, “AX T2” of Somebody\^Else, OTHER-77\./,
      ),
      '',
    ]);
    expect(await readdir(root)).not.toContain('refused');
  });

  it('a damaged network, after everything was read', async () => {
    const bundle = path.join(root, 'bundle');
    await cp(TINY_BUNDLE, bundle, { recursive: true });
    for (const file of await readdir(path.join(bundle, 'fp32'))) {
      await copyFile(path.join(bundle, 'bundle.json'), path.join(bundle, 'fp32', file));
    }
    const given = args('refused/deep', '--bundle', bundle, '--sources', 't1,t2');
    await refused('the file is incomplete where it is kept', given);
  });

  it('a folder with something in it, which stays', async () => {
    const folder = path.join(root, 'full/t1ce');
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, 'mine.txt'), 'mine');
    await refused(`The folder ${folder} is not empty`, args('full'));
    expect(await readdir(folder)).toEqual(['mine.txt']);
  });

  it('a job that was cancelled', async () => {
    const controller = new AbortController();
    const running = run(args('refused'), controller.signal);
    setTimeout(() => controller.abort(), 300);
    const { code, stdout, stderr } = await running;
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/(^|\n)The synthesis was cancelled; nothing was kept\.\n$/);
    expect(await readdir(root)).not.toContain('refused');
  });

  it('Ctrl-C in a process of its own', async () => {
    const bin = fileURLToPath(new URL('bin.mjs', import.meta.url));
    const child = spawn(process.execPath, [bin, ...args('refused')]);
    let stderr = '';
    child.stderr.on('data', chunk => {
      if (!stderr) child.kill('SIGINT');
      stderr += chunk;
    });
    const code = await new Promise(resolve => child.on('close', resolve));
    expect(stderr).toMatch(/(^|\n)The synthesis was cancelled; nothing was kept\.\n$/);
    expect(code).toBe(1);
    expect(await readdir(root)).not.toContain('refused');
  });
});
