import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { appendFile, cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { listFiles } from '@modality-synthesis/viewer/kit';
import { ensureViewer } from '@modality-synthesis/viewer/setup';
import { expect, test } from './support/test';

const kit = path.resolve(import.meta.dirname, '../../viewer/kit/dist/kit.mjs');

/** Runs the kit's command line. @returns its exit status and what it said */
function run(...args: string[]): Promise<{ status: number; said: string }> {
  return new Promise(resolve =>
    execFile('node', [kit, ...args], (error, stdout, stderr) =>
      resolve({ status: error ? Number(error.code) : 0, said: stdout + stderr }),
    ),
  );
}

/** SHA-256 of every file. */
async function hashes(folder: string): Promise<Record<string, string>> {
  const files = await listFiles(folder);
  return Object.fromEntries(
    await Promise.all(
      files.map(async name => {
        const bytes = await readFile(path.join(folder, name));
        return [name, createHash('sha256').update(bytes).digest('hex')] as const;
      }),
    ),
  );
}

test('the kit adds, checks, upgrades, and removes to the byte', async ({ folder }) => {
  const viewer = await ensureViewer();
  const before = await hashes(viewer);
  const out = path.join(folder, 'viewer');
  const added = await run('add', '--viewer', viewer, '--out', out, '--base', '/viewer/');
  expect(added).toMatchObject({ status: 0 });

  const after = await hashes(out);
  const differing = Object.keys(before).filter(name => after[name] !== before[name]);
  const listed = JSON.parse(await readFile(path.join(out, 'modality-synthesis-kit.json'), 'utf8'));
  expect(differing).toEqual(Object.keys(listed.changed));
  expect(differing).toEqual(
    expect.arrayContaining(['app.bundle.css', 'index.html', 'manifest.json', listed.decoder]),
  );
  // Icons of the page, of its manifest and of the lists for other systems lie where they are looked for.
  for (const list of ['index.html', 'manifest.json', 'assets/browserconfig.xml', 'assets/manifest.webapp']) {
    const named = [...(await readFile(path.join(out, list), 'utf8')).matchAll(/"(\/[\w./-]+\.\w+)"/g)];
    expect(named).not.toEqual([]);
    for (const [, address] of named)
      expect([list, existsSync(path.join(folder, address)), address]).toEqual([list, true, address]);
  }
  expect(differing.filter(name => /^app\.bundle\..*\.js$/.test(name))).toEqual([]);
  const isNew = (name: string) => !(name in before) && !name.startsWith('modality-synthesis-kit.json');
  for (const name of Object.keys(after).filter(isNew))
    if (!name.includes('/original/')) expect(added.said).toContain(`${after[name]}  `);
  expect(Object.keys(after).some(name => name.includes('tiny'))).toBe(false);
  expect(await hashes(viewer)).toEqual(before);
  expect(await run('check', out)).toMatchObject({ status: 0 });

  await appendFile(path.join(out, 'ohif-extension-modality-synthesis/index.umd.js'), '\n');
  await appendFile(path.join(out, 'manifest.json'), '\n');
  await rm(path.join(out, 'index.html'));
  await writeFile(path.join(out, 'other.js'), '');
  const checked = await run('check', out);
  expect(checked.status).toBe(1);
  expect(checked.said.trim().split('\n')).toEqual([
    'missing: index.html',
    'changed: manifest.json',
    'changed: ohif-extension-modality-synthesis/index.umd.js',
    'not listed: other.js',
    '4 files differ from modality-synthesis-kit.json.',
  ]);

  // A newer kit over this one: what was damaged is whole again, what the site configured stays.
  await appendFile(path.join(out, 'app-config.js'), '// The site.\n');
  const upgraded = await run('add', '--viewer', viewer, '--out', out, '--base', '/viewer/');
  expect(upgraded.said).toContain('app-config.js had been edited: it was kept.');
  const { 'app-config.js': config, ...rest } = await hashes(out);
  expect(config).not.toBe(before['app-config.js']);
  expect(rest).toMatchObject(
    Object.fromEntries(Object.entries(after).filter(([name]) => name in rest && name !== 'app-config.js')),
  );
  expect(await run('check', out)).toMatchObject({ status: 0 });

  // Over itself, at another path, and away.
  expect(await run('add', '--viewer', out, '--out', out, '--base', '/')).toMatchObject({ status: 0 });
  expect(await run('remove', out)).toMatchObject({ status: 0 });
  expect(await hashes(out)).toEqual({ ...before, 'app-config.js': config });
});

test('what cannot take the extension is refused, and nothing is written', async ({ folder }) => {
  const at = (name: string) => path.join(folder, name);
  const viewer = await ensureViewer();
  const main = (await readdir(viewer)).find(name => name.startsWith('app.bundle.') && name.endsWith('.js'))!;
  await mkdir(at('minified'));
  await cp(path.join(viewer, 'index.html'), at('minified/index.html'));
  const source = await readFile(path.join(viewer, main), 'utf8');
  await writeFile(at(`minified/${main}`), source.replaceAll(/^\/\/ EXTERNAL MODULE: .*$/gm, ''));
  const minified = await run('add', '--viewer', at('minified'), '--out', at('out'));
  expect(minified.status).toBe(1);
  expect(minified.said).toMatch(/cannot take the extension: no react, .* was found in its build/);
  expect(minified.said).toContain('3.12.10, 3.13.2, 3.14.0-beta.6');

  await mkdir(at('other'));
  await writeFile(at('other/thesis.txt'), '');
  const refusals: [string[], RegExp][] = [
    [['--viewer', at('none'), '--out', at('out')], /has no index\.html/],
    [['--viewer', viewer, '--out', at('other')], /is not empty/],
    [['--viewer', viewer, '--out', at('out'), '--base', 'viewer'], /no path from slash to slash/],
    [['--viewer', viewer, '--out', at('out'), '--bundle', at('other')], /has no bundle\.json/],
    [['--viewer', viewer], /Give --viewer and --out/],
  ];
  for (const [args, words] of refusals) {
    const { status, said } = await run('add', ...args);
    expect(status).toBe(1);
    expect(said).toMatch(words);
  }
  for (const command of ['check', 'remove'])
    expect((await run(command, at('other'))).said).toContain('it is not a folder that the kit wrote');
  expect((await readdir(folder)).sort()).toEqual(['minified', 'other']);
});
