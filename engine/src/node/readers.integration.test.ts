import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { threeSeries, writePhantomStudy } from '../testing/phantomStudy';
import { hasTool, TINY_BUNDLE, temporaryFolder } from '../testing/tools';
import { main } from './cli';

/** The derived series and its reference, read by other people's programs. T2 is the tilted one. */
let root: string;
let made: string;
let reference: string;
let cleanUp: () => Promise<void>;

const quiet = { write: () => true };
const hasPydicom = spawnSync('python3', ['-c', 'import pydicom, numpy']).status === 0;

beforeAll(async () => {
  ({ folder: root, cleanUp } = await temporaryFolder());
  const study = path.join(root, 'study');
  await writePhantomStudy(study, { number: 42, series: threeSeries });
  reference = path.join(study, '2_t2');
  const args = ['--study', study, '--target', 't1ce', '--reference', 't2', '--bundle', TINY_BUNDLE];
  expect(await main([...args, '--out', path.join(root, 'out')], { stdout: quiet, stderr: quiet })).toBe(0);
  made = path.join(root, 'out/t1ce');
});
afterAll(() => cleanUp());

const close = (a: readonly number[], b: readonly number[]) => {
  expect(a).toHaveLength(b.length);
  for (const [i, v] of a.entries()) expect(Math.abs(v - b[i])).toBeLessThan(1e-4);
};

describe('the derived series', () => {
  it.skipIf(!hasPydicom)('lies on its reference for pydicom', () => {
    const read = (folder: string): { geometry: number[][]; most: number } => {
      const script = `
import glob, json, sys, pydicom
images = sorted((pydicom.dcmread(f) for f in glob.glob(sys.argv[1] + '/*.dcm')), key=lambda d: float(d.ImagePositionPatient[2]))
print(json.dumps({
    'geometry': [[float(v) for v in [*d.ImagePositionPatient, *d.ImageOrientationPatient, *d.PixelSpacing]] for d in images],
    'most': max(int(d.pixel_array.max()) for d in images)}))`;
      const { stdout, stderr } = spawnSync('python3', ['-c', script, folder], { encoding: 'utf8' });
      expect(stderr).toBe('');
      return JSON.parse(stdout);
    };
    const [a, b] = [read(made), read(reference)];
    expect(a.geometry).toHaveLength(threeSeries[1].dims[2]);
    for (const [k, image] of a.geometry.entries()) close(image, b.geometry[k]);
    expect(a.most).toBeGreaterThan(1000);
  });

  it.skipIf(!hasTool('dcm2niix'))('lies on its reference for dcm2niix', () => {
    const affine = (folder: string, name: string): number[] => {
      spawnSync('dcm2niix', ['-b', 'n', '-z', 'n', '-o', root, '-f', name, folder]);
      const file = readdirSync(root).find(f => f.startsWith(name) && f.endsWith('.nii'));
      const header = readFileSync(path.join(root, file!));
      // NIfTI-1: dim[1..3] at 42, pixdim[1..3] at 80, the rows of the sform at 280.
      const dims = [42, 44, 46].map(at => header.readInt16LE(at));
      const sform = Array.from({ length: 12 }, (_, i) => header.readFloatLE(280 + 4 * i));
      return [...dims, ...[80, 84, 88].map(at => header.readFloatLE(at)), ...sform];
    };
    close(affine(made, 'made'), affine(reference, 'reference'));
  });
});
