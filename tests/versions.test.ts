import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { version as shown } from '../extension/src/id';
import { version, workspaces } from '../package.json';

const root = path.resolve(import.meta.dirname, '..');
const text = (file: string) => readFileSync(path.join(root, file), 'utf8');

it('is one version in every package, in what the viewer shows, in the deployment and atop the changes', () => {
  for (const folder of workspaces) {
    expect(JSON.parse(text(`${folder}/package.json`)), folder).toMatchObject({ version });
  }
  expect(shown).toBe(version);
  expect(/^## (.*)$/m.exec(text('CHANGELOG.md'))?.[1]).toBe(version);
  expect(text('mode/src/index.ts')).toContain(`'^${version}'`);
  expect(text('extension/README.md').match(/"version": "([^"]*)"/g)).toEqual(
    Array(2).fill(`"version": "${version}"`),
  );
  for (const file of ['workers', 'metrics']) {
    expect(text(`fleet/deploy/kubernetes/${file}.yaml`)).toContain(`modality-synthesis-fleet:${version}`);
  }
});
