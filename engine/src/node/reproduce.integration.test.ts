import { copyFile, cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { derivedSeries } from '../dicom/derivedSeries';
import { readEncodedFrames } from '../dicom/node/files';
import { WHOLE_RANGE } from '../dicom/storedImage';
import { writePart10 } from '../dicom/writePart10';
import { DOMAINS } from '../domains';
import { METHODS } from '../methods';
import { derivation } from '../testing/derivation';
import { threeSeries, writePhantomStudy } from '../testing/phantomStudy';
import { recordingConsole } from '../testing/recordingConsole';
import { referenceInstances } from '../testing/reference';
import { TINY_BUNDLE, temporaryFolder } from '../testing/tools';
import { main } from './cli';
import type { JsonReport } from './JobReport';
import { readDerivedImage } from './readDerivedImage';

/** A T1ce out of T1 and T2, made once, and the study it was made from. */
let root: string;
let study: string;
let made: string;
let image: string;
let cleanUp: () => Promise<void>;

beforeAll(async () => {
  ({ folder: root, cleanUp } = await temporaryFolder());
  study = path.join(root, 'study');
  await writePhantomStudy(study, { number: 43, series: threeSeries });
  const chosen = ['--sources', 't1,t2', '--reference', 't1', '--seed', '5'];
  const out = path.join(root, 'out');
  const given = ['--study', study, '--target', 't1ce:sample=2', '--bundle', TINY_BUNDLE];
  const job = [...given, '--out', out, ...chosen];
  expect((await run(job)).code).toBe(0);
  made = path.join(out, 't1ce');
  image = path.join(made, 'IM0017.dcm');
}, 170_000);
afterAll(() => cleanUp());

async function run(args: readonly string[]) {
  const { written, console } = recordingConsole();
  const code = await main(args, console);
  return { code, stdout: written.out, stderr: written.err };
}

/** A copy of the image, or of another one, with some words in it exchanged. */
async function spoilt(name: string, from: string, to: string, of = image): Promise<string> {
  const bytes = await readFile(of, 'latin1');
  expect(bytes).toContain(from);
  const file = path.join(root, name);
  await writeFile(file, bytes.replace(from, to), 'latin1');
  return file;
}

const pixels = async (folder: string) => {
  const files = (await readdir(folder)).sort().map(file => path.join(folder, file));
  return Promise.all(files.map(async file => Buffer.from((await readEncodedFrames(file))[0].bytes)));
};

describe('--again', () => {
  it('makes the series again with identical stored pixels', async () => {
    const out = path.join(root, 'again');
    const { code, stdout } = await run(['--again', image, '--study', study, '--out', out, '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout) as JsonReport).toMatchObject({
      bundle: { id: 'cdm-tiny' },
      sources: [{ contrast: 't1' }, { contrast: 't2' }],
      reference: 't1',
      seed: 5,
      again: { image, identical: true, largestDifference: 0 },
    });
    const [first, second] = [await pixels(made), await pixels(path.join(out, 't1ce'))];
    expect(first).toHaveLength(36);
    expect(second).toEqual(first);
    expect(new Set(first[17]).size).toBeGreaterThan(100);
  }, 170_000);
});

describe('--again of a job that another machine ran', () => {
  const again = async (file: string, ...args: string[]) => {
    const out = path.join(root, `${path.basename(file)}-${args.length}`);
    const { code, stdout } = await run(['--again', file, '--study', study, '--out', out, ...args]);
    expect(code).toBe(0);
    return stdout;
  };
  /** What a viewer writes, of the same length. */
  const ofViewer = [
    '"runtime":"onnxruntime-node","provider":"cpu"',
    '"runtime":"onnxruntime-web","provider":"wasm"',
  ] as const;

  it('runs in half precision what was made in half precision, and says what differs', async () => {
    const node = { runtime: 'onnxruntime-node', provider: 'cpu', precision: 'fp16' };
    const half = await spoilt('half.dcm', '"precision":"fp32"', '"precision":"fp16"');
    const report: JsonReport = JSON.parse(await again(half, '--json'));
    expect(report.precision).toBe('fp16');
    expect(report.again).toMatchObject({ madeBy: node, madeAgainBy: node, identical: false });
    expect(report.again!.largestDifference).toBeLessThanOrEqual(1e-2);

    const viewers = await spoilt('viewer.dcm', ...ofViewer, half);
    expect(await again(viewers)).toContain(
      'It was made by onnxruntime-web (wasm, fp16), here by onnxruntime-node (cpu, fp16).',
    );
  }, 170_000);

  it('tells pixels that another machine does not explain', async () => {
    const changed = await spoilt('changed.dcm', ...ofViewer);
    const bytes = await readFile(changed);
    bytes.writeUInt16LE(4096, bytes.length - 2);
    await writeFile(changed, bytes);
    const said = await again(changed);
    expect(said).toContain('by at most 1.00000');
    expect(said).toContain(
      'It was made by onnxruntime-web (wasm, fp32), here by onnxruntime-node (cpu, fp32).',
    );
    expect(said).toContain(
      '1 pixel differs by more than 0.001: another machine alone does not explain that; compare the two images.',
    );
  }, 170_000);
});

describe('--again refuses in one text and leaves nothing', () => {
  const refused = async (words: string | RegExp, ...args: string[]) => {
    const { code, stdout, stderr } = await run([
      ...['--again', image, '--study', study, '--out', path.join(root, 'refused')],
      ...args,
    ]);
    const text = stderr.split('\n').filter(line => !/^\d+ %/.test(line));
    expect(text).toEqual([expect.stringMatching(words), '']);
    expect([code, stdout]).toEqual([1, '']);
    expect(await readdir(root)).not.toContain('refused');
  };
  /** A copy of the study to be spoilt. */
  const copyOfStudy = async (name: string): Promise<string> => {
    const copy = path.join(root, name);
    await cp(study, copy, { recursive: true });
    return copy;
  };

  it('an image that is not ours', async () => {
    const acquired = path.join(study, '1_t1', 'IM0003.dcm');
    await refused(`${acquired} does not say how it was made`, '--again', acquired);
  });

  it('a damaged record', async () => {
    const file = await spoilt('record.dcm', '"seed":5', '"seed":x');
    await refused('The record of how this image was made cannot be read', '--again', file);
  });

  it('a series of an earlier version of the model', async () => {
    const file = path.join(root, 'earlier.dcm');
    const options = { samples: 2, steps: 4, conditioning: 'diffusion' };
    const [earlier] = derivedSeries(DOMAINS[0], {
      stored: new Uint16Array(12),
      window: WHOLE_RANGE,
      reference: referenceInstances(1),
      sources: new Map([['t1', referenceInstances(1)]]),
      seriesNumber: 901,
      derivation: derivation({ method: { id: 'cdm', options } }),
      now: new Date(),
    });
    await writeFile(file, new Uint8Array(writePart10(earlier)));
    expect((await readDerivedImage(file, METHODS)).record.method.options).toEqual(options);
    await refused(
      /earlier.dcm was made with tiny .*, a model of an earlier version, which this software does not run; make/,
      ...['--again', file],
    );
  });

  it('a file that is not there, and one that is not DICOM', async () => {
    await refused('/nowhere.dcm cannot be read; check', '--again', '/nowhere.dcm');
    const text = path.join(root, 'notes.txt');
    await writeFile(text, 'nothing');
    await refused(`${text} is not a DICOM file`, '--again', text);
  });

  it('another bundle, naming both', async () => {
    const bundle = path.join(root, 'bundle');
    await mkdir(bundle);
    const json = await readFile(path.join(TINY_BUNDLE, 'bundle.json'), 'utf8');
    await writeFile(path.join(bundle, 'bundle.json'), `${json}\n`);
    await refused(
      /was made with cdm-tiny .*\(SHA-256 of bundle.json [0-9a-f]{12}…\), but .*bundle\/ holds cdm-tiny .*--bundle\.$/,
      ...['--bundle', bundle],
    );
  });

  it('a study without a source', async () => {
    const without = await copyOfStudy('without');
    await rm(path.join(without, '2_t2'), { recursive: true });
    await refused(
      /^The T2 series that .*IM0017.dcm was made from .* is not in .*without;/,
      '--study',
      without,
    );
  });

  it('a source with an image less, and with another one', async () => {
    const fewer = await copyOfStudy('fewer');
    await rm(path.join(fewer, '1_t1', 'IM0009.dcm'));
    await refused(/T1 series .*: it has 35 images and had 36; give/, '--study', fewer);

    const other = await copyOfStudy('other');
    const file = path.join(other, '1_t1', 'IM0009.dcm');
    const text = (await readFile(file)).toString('latin1');
    await writeFile(file, Buffer.from(text.replaceAll('.43.2.10', '.43.2.99'), 'latin1'));
    await refused(/T1 series .*: some of its images are others;/, '--study', other);
  });

  it('a source whose pixels changed', async () => {
    const changed = await copyOfStudy('changed');
    const file = path.join(changed, '2_t2', 'IM0009.dcm');
    const bytes = await readFile(file);
    bytes[bytes.length - 4001] ^= 1;
    await writeFile(file, bytes);
    await refused(/^The pixels of the T2 series are not those .*SHA-256 differs/, '--study', changed);
  });

  it('a place that is taken', async () => {
    const taken = path.join(root, 'taken');
    await mkdir(path.join(taken, 't1ce'), { recursive: true });
    await copyFile(image, path.join(taken, 't1ce', 'IM0001.dcm'));
    await refused('is not empty; remove it', '--out', taken);
  });
});
