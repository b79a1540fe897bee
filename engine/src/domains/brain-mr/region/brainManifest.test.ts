import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { upgradedManifest } from '../../../bundle/fields';
import { brainManifestSchema } from './brainManifest';

const file = new URL('../../../../../models/bundles/brain-extraction/bundle.json', import.meta.url);

describe('brainManifestSchema', () => {
  it('takes the bundle that ships', async () => {
    const manifest = brainManifestSchema.parse(upgradedManifest(JSON.parse(await readFile(file, 'utf8'))));
    expect(manifest.grid.planes).toContain(0);
  });

  it('refuses one without its network', async () => {
    const json = brainManifestSchema.parse(upgradedManifest(JSON.parse(await readFile(file, 'utf8'))));
    expect(brainManifestSchema.safeParse({ ...json, networks: {} }).success).toBe(false);
  });

  it('refuses slabs that are no whole number of groups', async () => {
    const json = brainManifestSchema.parse(upgradedManifest(JSON.parse(await readFile(file, 'utf8'))));
    const grid = { ...json.grid, together: 3 };
    expect(brainManifestSchema.safeParse({ ...json, grid }).error?.issues[0].path).toEqual(['grid', 'slab']);
  });
});
