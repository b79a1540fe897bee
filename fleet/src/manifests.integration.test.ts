import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { hasTool } from '@modality-synthesis/engine/testing/tools';
import { describe, expect, it } from 'vitest';

const folder = fileURLToPath(new URL('../deploy/kubernetes/', import.meta.url));

describe.runIf(hasTool('kubernetes-validate'))('the manifests (pip install kubernetes-validate)', () => {
  it.each(readdirSync(folder))('%s keeps the schema', file => {
    const { status, stderr } = spawnSync('kubernetes-validate', ['--strict', '-k', '1.32.0', folder + file]);
    expect(status, String(stderr)).toBe(0);
  });
});
