import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { link, mkdir, mkdtemp, readdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { ensureViewer } from '@modality-synthesis/viewer/setup';
import { expect, test } from '@playwright/test';
import { build } from 'esbuild';
import { copyRepository } from './support/copyRepository';

// What the build made, as somebody gets it who installs or certifies it; no browser.

const run = promisify(execFile);
const root = path.resolve(import.meta.dirname, '../..');
const EXTENSION = 'ohif-extension-modality-synthesis';
const MODE = 'ohif-mode-modality-synthesis';
const KIT = 'ohif-modality-synthesis-kit';
const publicFolder = path.join(root, 'extension/public', EXTENSION);

const sha256 = async (file: string) =>
  createHash('sha256')
    .update(await readFile(file))
    .digest('hex');

/** SHA-256 by path of all files in a folder. */
async function hashes(folder: string): Promise<Record<string, string>> {
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter(f => f.isFile());
  const all = files.map(async ({ parentPath, name }) => {
    const file = path.join(parentPath, name);
    return [path.relative(folder, file), await sha256(file)] as const;
  });
  return Object.fromEntries((await Promise.all(all)).sort());
}

const CONSUMER = `
import extension, { type ModalitySynthesisConfiguration } from '${EXTENSION}';
import mode from '${MODE}';

const configuration: ModalitySynthesisConfiguration = { bundle: '/models/mine/', provider: 'wasm', paths: 2 };
// @ts-expect-error: there is no such provider.
const wrong: ModalitySynthesisConfiguration = { provider: 'cuda' };
export default { extensions: [extension.id], modes: [mode.id], configuration, wrong };
`;
const TSCONFIG = {
  compilerOptions: { module: 'ESNext', moduleResolution: 'bundler', strict: true, noEmit: true, types: [] },
  files: ['consumer.ts'],
};

test('packed, extension, mode and kit install by name into an empty project, without a registry', async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'modality-synthesis-'));
  try {
    const packed = await run(
      'npm',
      ['pack', '-w', 'extension', '-w', 'mode', '-w', 'viewer/kit', '--json', '--pack-destination', folder],
      {
        cwd: root,
      },
    );
    const packages = JSON.parse(packed.stdout) as { filename: string; files: { path: string }[] }[];
    const files = packages.flatMap(one => one.files.map(file => file.path));
    expect(files.filter(file => /(^|\/)(src|node_modules|licenses)\/|\.test\.|\.tsx?$/.test(file))).toEqual([
      'index.d.ts',
      'index.d.ts',
    ]);
    for (const file of ['dist/index.mjs', 'dist/index.umd.js'])
      expect(files.filter(one => one === file)).toHaveLength(2);
    for (const file of ['LICENSE', 'README.md']) expect(files.filter(one => one === file)).toHaveLength(3);

    const project = path.join(folder, 'project');
    await mkdir(project);
    await writeFile(path.join(project, 'package.json'), JSON.stringify({ name: 'site', private: true }));
    const archives = packages.map(one => path.join(folder, one.filename));
    await run('npm', ['install', '--offline', '--no-audit', '--no-fund', ...archives], { cwd: project });
    expect((await readdir(path.join(project, 'node_modules'))).filter(name => !name.startsWith('.'))).toEqual(
      [EXTENSION, KIT, MODE],
    );

    const viewer = path.join(folder, 'viewer');
    const kit = async (...args: string[]) =>
      (await run('npx', ['--offline', '--no', KIT, ...args], { cwd: project })).stdout;
    const added = await kit('add', '--viewer', await ensureViewer(), '--out', viewer, '--base', '/viewer/');
    expect(added).toContain('To be served under /viewer/.');
    expect(await kit('check', viewer)).toContain('Every file is as');

    await writeFile(path.join(project, 'consumer.ts'), CONSUMER);
    await writeFile(path.join(project, 'tsconfig.json'), JSON.stringify(TSCONFIG));
    await run(process.execPath, [path.join(root, 'node_modules/typescript/bin/tsc'), '-p', project]);

    const installed = async (name: string) =>
      JSON.parse(await readFile(path.join(project, 'node_modules', name, 'package.json'), 'utf8'));
    const host = [EXTENSION, MODE].map(async name => Object.keys((await installed(name)).peerDependencies));
    const peers = (await Promise.all(host)).flat().filter(name => !name.startsWith('ohif-'));
    // What the site's bundler finds: nothing but the packages themselves and what the viewer provides.
    const bundled = await build({
      absWorkingDir: project,
      entryPoints: ['consumer.ts'],
      bundle: true,
      write: false,
      metafile: true,
      format: 'esm',
      external: peers,
      logLevel: 'silent',
    });
    expect(Object.keys(bundled.metafile.inputs).sort()).toEqual([
      'consumer.ts',
      `node_modules/${EXTENSION}/dist/index.mjs`,
      `node_modules/${MODE}/dist/index.mjs`,
    ]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('the bill of materials is valid CycloneDX and lists what is shipped, with hashes and licences', async () => {
  const text = await readFile(path.join(publicFolder, 'sbom.cdx.json'), 'utf8');
  const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);
  expect(await validator.validate(text)).toBeNull();
  interface Component {
    type: string;
    name: string;
    version?: string;
    licenses?: unknown[];
    hashes?: { alg: string; content: string }[];
    components?: Component[];
  }
  const { components } = JSON.parse(text) as { components: Component[] };
  const files = components
    .flatMap(one => [one, ...(one.components ?? [])])
    .filter(one => one.type === 'file');
  const shipped = [
    ...['extension/dist', 'mode/dist', 'viewer/kit/dist'].map(
      async folder => [folder, await hashes(path.join(root, folder))] as const,
    ),
    ['ort', await hashes(path.join(publicFolder, 'ort'))] as const,
  ];
  const expected = (await Promise.all(shipped)).flatMap(([folder, all]) =>
    Object.entries(all).map(([file, content]) => [`${folder}/${file}`, content]),
  );
  const worker = await sha256(path.join(publicFolder, 'worker.js'));
  expect(Object.fromEntries(files.map(one => [one.name, one.hashes?.[0].content]))).toEqual(
    Object.fromEntries([...expected, ['worker.js', worker]]),
  );
  const bundles = path.join(publicFolder, 'bundles');
  const models = components.filter(one => one.type === 'machine-learning-model');
  expect(models.map(one => one.name).sort()).toEqual((await readdir(bundles)).sort());
  for (const { name, hashes: [hash] = [] } of models)
    expect(hash.content).toBe(await sha256(path.join(bundles, name, 'bundle.json')));

  const libraries = components.filter(one => one.type === 'library' && !one.name.startsWith('ohif-'));
  const licenses = await readFile(path.join(publicFolder, 'THIRD-PARTY-LICENSES.txt'), 'utf8');
  expect(libraries.map(one => one.name)).toEqual(
    expect.arrayContaining(['fflate', 'gl-matrix', 'onnxruntime-web', 'quickselect', 'zod']),
  );
  for (const { name, version, hashes: [hash] = [] } of libraries) {
    expect(hash.content).toMatch(/^[0-9a-f]{128}$/);
    expect(licenses).toContain(`\n${name} ${version}: `);
  }
  for (const one of [...libraries, ...models]) expect(one.licenses, one.name).toHaveLength(1);
  for (const { name, version } of models) expect(licenses).toContain(`\n${name} ${version}: `);
});

/** Copies a folder with hard links in place of files. */
async function linkFolder(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [from, to].map(folder => path.join(folder, entry.name));
    if (entry.isDirectory()) await linkFolder(source, target);
    else if (entry.isSymbolicLink()) await symlink(await readlink(source), target);
    else await link(source, target);
  }
}

test('a build in another folder has the same bytes @long', async () => {
  test.setTimeout(600_000);
  const copy = path.join(root, 'test-results', 'another-folder', 'build');
  try {
    await copyRepository(copy);
    await linkFolder(path.join(root, 'node_modules'), path.join(copy, 'node_modules'));
    await run('npm', ['run', '--silent', 'build'], { cwd: copy });
    for (const folder of ['extension/dist', 'extension/public', 'mode/dist'])
      expect(await hashes(path.join(copy, folder)), folder).toEqual(await hashes(path.join(root, folder)));
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
});
