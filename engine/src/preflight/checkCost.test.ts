import { readFileSync } from 'node:fs';
import { mat4 } from 'gl-matrix';
import { describe, expect, it } from 'vitest';
import { DOMAINS } from '../domains';
import type { RoleId } from '../domains/Role';
import { completeOptions, openModels } from '../models';
import { bundleFolder, folderReader } from '../node/bundleFolder';
import { coded } from '../testing/coded';
import { source } from '../testing/preflight';
import type { Point3 } from '../volume/Volume';
import { downloadSize } from './checkDownload';
import { runPreflight } from './runPreflight';

/** What `npm run bench:memory` measured, bytes. */
interface Measured {
  dims: Point3;
  sources: RoleId[];
  targets: RoleId[];
  above: number;
  told: number;
}
const measured: Record<string, Measured> = JSON.parse(
  readFileSync(new URL('../../../docs/benchmark-memory.json', import.meta.url), 'utf8'),
);
const folders = { bundle: bundleFolder('bundle'), regionBundle: bundleFolder('brain-bundle') };
const models = await openModels(folders, folderReader);

/** What the preflight tells of a job with the shipped model before its pixels are read, GB. */
function told({ dims, sources, targets }: Pick<Measured, 'dims' | 'sources' | 'targets'>): number {
  const options = completeOptions(models.synthesis);
  const grid = { dims, indexToWorld: mat4.create() };
  const report = runPreflight(
    {
      sources: sources.map(role => source({ role, grid })),
      patients: [],
      rivals: [],
      reference: sources[0],
      targets,
      model: { ...models.synthesis, options },
      machine: { provider: '' },
      download: downloadSize({ models, options }, sources, targets, 'fp32', () => true),
    },
    DOMAINS[0],
  );
  const text = coded(report.checks).find(({ id }) => id === 'cost')?.text ?? '';
  return Number(/unit\/gigabytes\(([\d.]+)\)/.exec(text)?.[1]);
}

describe('the memory that the preflight tells', () => {
  it.each(Object.entries(measured))('is within a fifth of what was measured: %s', (_, job) => {
    expect(told(job)).toBeCloseTo(job.told / 1e9, 1);
    expect(Math.abs(job.told / job.above - 1)).toBeLessThan(0.2);
  });
});
