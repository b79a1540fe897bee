import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { RoleId } from '@modality-synthesis/engine';
import { unzipSync } from 'fflate';
import { mat4 } from 'gl-matrix';
import type { Volumes } from './measuring';

/** Contrasts of one head that lie on one another. */
export interface Head {
  patient: string;
  volumes: Volumes;
}

const AXES: readonly RoleId[] = ['t1', 't1ce', 't2', 'flair'];

/** Patients beside the repository, skull-stripped, co-registered, 1 mm: every so many of a folder. */
export function strippedHeads(folder: string, every: number): Head[] {
  return readdirSync(folder)
    .filter((file, n) => file.endsWith('.npz.xz') && n % every === 0)
    .map(file => {
      const { shape, data } = readImage(path.join(folder, file));
      const [, z, y, x] = shape;
      const length = x * y * z;
      const volumes: Volumes = new Map();
      for (const [n, role] of AXES.entries()) {
        volumes.set(role, {
          dims: [x, y, z],
          // Rows run to the back, columns to the left, slices to the head: LPS.
          indexToWorld: mat4.create(),
          data: Float32Array.from(data.subarray(n * length, (n + 1) * length)),
        });
      }
      return { patient: file.replace('.npz.xz', ''), volumes };
    });
}

/** Whole heads beside the repository, one file a contrast, 2 mm pixels: those with several contrasts. */
export function wholeHeads(folder: string): Head[] {
  const meta: Record<string, { affine_ijk_to_RASmm: number[][] }> = JSON.parse(
    readFileSync(path.join(folder, 'meta.json'), 'utf8'),
  );
  const heads = new Map<string, Head>();
  for (const [id, { affine_ijk_to_RASmm: rows }] of Object.entries(meta)) {
    const [, session, role] = /^(.*)-(\w+)$/.exec(id)!;
    const head = heads.get(session) ?? { patient: session.replace(/-s\d+$/, ''), volumes: new Map() };
    const { shape, data } = readImage(path.join(folder, `${id}.npz.xz`));
    const [z, y, x] = shape;
    const lps = rows.map((row, r) => (r < 2 ? row.map(v => -v) : row));
    const indexToWorld = mat4.transpose(mat4.create(), lps.flat() as unknown as mat4);
    head.volumes.set(role as RoleId, { dims: [x, y, z], indexToWorld, data: Float32Array.from(data) });
    heads.set(session, head);
  }
  return [...heads.values()].filter(head => head.volumes.size > 1);
}

/** The array `img` of an xz-compressed npz. */
function readImage(file: string): { shape: number[]; data: Uint8Array } {
  const npz = execFileSync('xz', ['-dc', file], { maxBuffer: 2 ** 30 });
  const npy = unzipSync(npz, { filter: ({ name }) => name === 'img.npy' })['img.npy'];
  // NPY format 1.0: magic, version, length of the header, the header as a Python dict.
  const length = npy[8] + 256 * npy[9];
  const header = Buffer.from(npy.subarray(10, 10 + length)).toString('latin1');
  const shape = /'shape': \(([\d, ]+)\)/.exec(header)![1].split(',').map(Number);
  if (!header.includes("'|u1'")) throw new Error(`${file} does not hold bytes.`);
  return { shape, data: npy.subarray(10 + length) };
}
