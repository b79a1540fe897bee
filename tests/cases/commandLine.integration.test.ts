/**
 * Studies as public bug reports describe them, on the command line: what is recognized, what the preflight
 * says, how it ends, and whether the sources have the pixels that they had before something was done to them.
 * FULL takes all of them, else every second one, and makes the whole jobs, too.
 */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import {
  DOMAINS,
  isMessage,
  type Message,
  makePlan,
  preflightFacts,
  type RoleId,
  runPreflight,
  SynthesisError,
  type Volume,
} from '@modality-synthesis/engine';
import { namesIn, sentencesIn } from '@modality-synthesis/engine/testing/sentences';
import { temporaryFolder } from '@modality-synthesis/engine/testing/tools';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readEncodedFrames } from '../../engine/src/dicom/node/files';
import { main } from '../../engine/src/node/cli';
import { planJob } from '../../engine/src/node/planJob';
import { readStudy } from '../../engine/src/node/readStudy';
import { volumesOf } from '../studySources';
import { buildCase, buildsCases } from './buildCase';
import { CASES, type Case } from './cases';
import { correlation } from './correlation';

const [domain] = DOMAINS;
/** A case is built by a program of its own, and a whole job takes a while; ms. */
const PATIENCE = 300_000;

let root: string;
let cleanUp: () => Promise<void>;
beforeAll(async () => {
  ({ folder: root, cleanUp } = await temporaryFolder());
});
afterAll(() => cleanUp());

const built = new Map<string, string>();
function study(id: string): string {
  const folder = built.get(id) ?? buildCase(id, root);
  built.set(id, folder);
  return folder;
}

/** The command line's exit code and what it said last. */
async function run(id: string, target: RoleId): Promise<{ code: number; text: string; out: string }> {
  const err: string[] = [];
  const write = (text: string | Uint8Array) => err.push(String(text)) > 0;
  const out = path.join(root, `${id}-result`);
  const args = ['--study', study(id), '--target', target, '--out', out, '--json'];
  const code = await main(args, { stdout: { write: () => true }, stderr: { write } });
  return { code, text: err.join('').trim().split('\n').at(-1) ?? '', out: path.join(out, target) };
}

function codesOf(text: Message): string[] {
  return 'code' in text ? [text.code] : text.items.filter(isMessage).flatMap(codesOf);
}

/** What headers alone tell: roles with their confidence, colour and codes, or why nothing is planned. */
async function planned(folder: string, target: RoleId): Promise<Omit<Case, 'kind' | 'target'>> {
  const study = await readStudy(folder).catch(codeOf);
  if (typeof study === 'string') return { stops: study };
  const { reference, ...plan } = makePlan(study.StudyInstanceUID, study.series, new Map());
  const sources = Object.fromEntries(
    plan.rows.flatMap(({ role, confidence }) => (role && confidence ? [[role, confidence]] : [])),
  );
  if (!reference) return { sources };
  const images = { images: (series: (typeof study.series)[number]) => series.files };
  const facts = preflightFacts({ plan: { ...plan, reference }, targets: [target] }, images);
  const { level, checks } = runPreflight(facts, domain);
  const codes = checks
    .filter(check => check.level === level && level !== 'green')
    .flatMap(({ text }) => codesOf(text));
  try {
    planJob(study, domain, { targets: [target] });
    return { sources, level, codes };
  } catch (thrown) {
    return { sources, level, codes, stops: codeOf(thrown) };
  }
}

function codeOf(thrown: unknown): SynthesisError['code'] {
  if (thrown instanceof SynthesisError) return thrown.code;
  throw thrown;
}

/** Sources on the same grids with the same values. */
function expectAlike(
  ours: ReadonlyMap<RoleId, Volume>,
  theirs: ReadonlyMap<RoleId, Volume>,
  { value = 0, millimetres = 1e-3 }: NonNullable<Case['within']> = {},
): void {
  expect([...ours.keys()].sort()).toEqual([...theirs.keys()].sort());
  for (const [role, { dims, data, indexToWorld }] of ours) {
    const other = theirs.get(role);
    expect(dims).toEqual(other?.dims);
    const corner = (m: ArrayLike<number> = []) =>
      [0, 1, 2].map(r => dims.reduce((sum, n, c) => sum + m[4 * c + r] * n, m[12 + r]));
    const [a, b] = [corner(indexToWorld), corner(other?.indexToWorld)];
    expect(Math.hypot(...a.map((v, r) => v - b[r])), role).toBeLessThan(millimetres);
    // Element by element in a loop: toEqual takes seconds for a series.
    let most = 0;
    for (let i = 0; i < data.length; i++) most = Math.max(most, Math.abs(data[i] - (other?.data[i] ?? 0)));
    expect(most, role).toBeLessThanOrEqual(value);
  }
}

const results = new Map<string, Uint16Array>();
/** Stored values of the whole job. */
async function result(id: string, target: RoleId): Promise<Uint16Array> {
  const known = results.get(id);
  if (known) return known;
  const { code, text, out } = await run(id, target);
  expect(code, text).toBe(0);
  const images = (await readdir(out)).sort().map(name => readEncodedFrames(path.join(out, name)));
  const bytes = Buffer.concat((await Promise.all(images)).map(([frame]) => frame.bytes));
  const values = new Uint16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  results.set(id, values);
  return values;
}

const bases = new Map<string, ReadonlyMap<RoleId, Volume>>();
async function base(id: string): Promise<ReadonlyMap<RoleId, Volume>> {
  const volumes = bases.get(id) ?? (await volumesOf(study(id)));
  bases.set(id, volumes);
  return volumes;
}

describe.skipIf(!buildsCases())('a reported study, where the cases and pydicom are', () => {
  for (const [n, [id, { kind, target, says, like, within, ...expected }]] of Object.entries(
    CASES,
  ).entries()) {
    it.runIf(process.env.FULL || n % 2 === 0)(`${id}: ${kind}`, { timeout: PATIENCE }, async () => {
      expect(await planned(study(id), target)).toEqual({ ...(expected.level && { codes: [] }), ...expected });
      if (expected.stops || expected.level === 'red') {
        const { code, text } = await run(id, target);
        expect(code).toBe(1);
        expect(text).toMatch(says ?? /./);
        expect(sentencesIn(text)).toBeLessThanOrEqual(2);
        expect(namesIn(text).length).toBeLessThanOrEqual(3);
      }
      if (like) expectAlike(await volumesOf(study(id)), await base(like), within);
    });
    if (!like) continue;
    it.runIf(process.env.FULL)(`${id} ends in the image of ${like}`, { timeout: PATIENCE }, async () => {
      const [ours, theirs] = [await result(id, target), await result(like, target)];
      expect(ours).toHaveLength(theirs.length);
      if (within) expect(correlation(ours, theirs)).toBeGreaterThan(0.998);
      else expect(Buffer.compare(Buffer.from(ours.buffer), Buffer.from(theirs.buffer))).toBe(0);
    });
  }
});
