import { readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CDM_BUNDLE, temporaryFolder } from '../testing/tools';
import { main } from './evaluate';
import type { EvaluationReport } from './runEvaluation';

const fixture = fileURLToPath(new URL('../../../tests/fixtures/cdm-tiny/', import.meta.url));
const { input: dims, samples, seed } = JSON.parse(readFileSync(path.join(fixture, 'fixture.json'), 'utf8'));

let root: string;
let cleanUp: () => Promise<void>;

async function floats(file: string): Promise<Float32Array> {
  const bytes = await readFile(file);
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

beforeAll(async () => {
  ({ folder: root, cleanUp } = await temporaryFolder());
  const input = await floats(path.join(fixture, 'input.f32'));
  const brain = Uint8Array.from(input.subarray(0, input.length / 4), v => (v > 0 ? 1 : 0));
  await writeFile(path.join(root, 'brain.u8'), brain);
});
afterAll(() => cleanUp());

const job = (output: string, more: object = {}) => ({
  bundle: CDM_BUNDLE,
  input: { file: path.join(fixture, 'input.f32'), dims },
  brain: 'brain.u8',
  sources: ['t1', 't2', 'flair'],
  targets: ['t1ce'],
  samples,
  seed,
  output,
  ...more,
});

async function run(jobs: unknown) {
  const list = path.join(root, 'jobs.json');
  await writeFile(list, JSON.stringify(jobs));
  const [out, err]: [string[], string[]] = [[], []];
  const code = await main([list], {
    stdout: { write: text => out.push(String(text)) > 0 },
    stderr: { write: (text: string | Uint8Array) => err.push(String(text)) > 0 },
  });
  return { code, reports: out.map(line => JSON.parse(line) as EvaluationReport), stderr: err.join('') };
}

const mean = (output: string) => floats(path.join(root, `${output}.mean.f32`));
const difference = (a: Float32Array, b: Float32Array) =>
  a.reduce((most, v, i) => Math.max(most, Math.abs(v - b[i])), 0);

describe('evaluate-jobs', () => {
  it('makes what the reference implementation makes, job by job, and says how long it took', async () => {
    const { code, reports, stderr } = await run([
      job('plain', { threads: 1 }),
      job('second', { members: [1], samples: 1, guidance: 'none' }),
      job('both', { targets: ['t1ce', 't2'], sources: ['t1'], guidance: 'regression' }),
      job('truth', { tokens: 'truth', precision: 'fp16', samples: 1 }),
    ]);
    expect([code, stderr]).toEqual([0, '']);
    expect(reports.map(r => path.basename(r.output))).toEqual(['plain', 'second', 'both', 'truth']);
    expect(reports[0]).toMatchObject({
      slices: dims[1],
      precision: 'fp32',
      seconds: { read: expect.any(Number) },
    });
    expect(reports[0].meanSpread.t1ce).toBeGreaterThan(0);
    expect(reports[3].precision).toBe('fp16');
    const plain = await mean('plain');
    expect(difference(plain, await floats(path.join(fixture, 'expected.f32')))).toBeLessThan(1e-4);
    const spread = await floats(path.join(root, 'plain.spread.f32'));
    expect(difference(spread, await floats(path.join(fixture, 'spread.f32')))).toBeLessThan(1e-4);
    expect(difference(plain, await mean('second'))).toBeGreaterThan(1e-3);
    expect(difference(plain, await mean('truth'))).toBeGreaterThan(1e-4);
    expect(await mean('both')).toHaveLength(2 * plain.length);
  });

  it('synthesizes only the slices and only the mean that are wanted, as in a whole job', async () => {
    const { code, reports } = await run([job('whole'), job('some', { slices: [2, 5], uncertainty: false })]);
    expect(code).toBe(0);
    expect(reports[1].meanSpread).toEqual({});
    const [whole, some] = [await mean('whole'), await mean('some')];
    const plane = dims[2] * dims[3];
    for (let k = 0; k < dims[1]; k++) {
      const [a, b] = [whole, some].map(v => v.subarray(k * plane, (k + 1) * plane));
      if (k === 2 || k === 5) expect(difference(a, b)).toBeLessThan(1e-6);
      else expect(b.every(v => v === 0)).toBe(true);
    }
    await expect(readFile(path.join(root, 'some.spread.f32'))).rejects.toThrow('ENOENT');
  });

  it.each([
    [[job('x', { target: 't1' })], /cannot be run with these options .*target/],
    [[job('x', { seed: -1 })], /not valid at “0.seed”/],
    [[job('x', { brain: 'nowhere.u8' })], /nowhere.u8 cannot be read/],
    [[job('x', { members: [2] })], /asks for member 2, but its bundle has 2/],
    [[job('x', { input: { file: 'brain.u8', dims: [4, 10, 32, 16] } })], /4 x 10 x 32 x 32/],
    [[job('x', { input: { file: 'brain.u8', dims } })], /as many bytes/],
    [[job('nowhere/x', { samples: 1 })], /nowhere\/x.mean.f32 cannot be written/],
    ['text', /“\(root\)”/],
  ])('refuses %j in one text', async (jobs, words) => {
    const { code, reports, stderr } = await run(jobs);
    expect([code, reports]).toEqual([1, []]);
    expect(stderr).toMatch(words);
  });
});
