/** Adds extension, mode, runtime and bundles to a prebuilt viewer. */
import { constants, existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import packageJson from '../package.json' with { type: 'json' };
import { infoOf, listFiles, readInfo } from './files';
import { readHost } from './hostModules';
import { type FileInfo, KIT_FOLDER, type KitManifest, MANIFEST, readManifest, SITE_CONFIG } from './manifest';
import {
  type Boot,
  baseOf,
  bootScript,
  moveIcons,
  movePage,
  moveStyles,
  moveWorker,
  silentRefresh,
  withoutInlineScripts,
  withScriptBeforeApp,
} from './page';
import {
  checkPluginsBuilt,
  distOf,
  PACKAGE_NAMES,
  PANEL,
  type PluginKind,
  publicFolder,
  SHIPPED_BUNDLES,
} from './plugins';
import { UserError } from './userError';

export interface AddOptions {
  /** The `dist` of a prebuilt viewer; one with an older kit counts as the viewer without it. */
  viewer: string;
  /** Folder to write: new, empty, with an older kit, or the viewer itself. */
  out: string;
  /** URL path of the viewer, such as `/viewer/`. Default: the one it was built for. */
  base?: string;
  /** Default: both. */
  plugins?: readonly PluginKind[];
  /** Folders of further bundles. */
  bundles?: readonly string[];
}

export interface Added {
  manifest: KitManifest;
  /** The configuration in `out` was edited since the older kit: it stays. */
  keptConfig: boolean;
}

/** Content of a file to write: bytes, or a file to copy. */
type Content = Uint8Array | { copy: string };
type Contents = Map<string, Content>;

const PAGE = 'index.html';
const EXTENSION = PACKAGE_NAMES.extension;

/**
 * Writes a folder that any static server serves. It is written beside its place and renamed at the end:
 * complete or not there.
 * @throws UserError with the reason: a viewer that cannot take the extension, a folder in the way, no build
 */
export async function addKit(options: AddOptions): Promise<Added> {
  const [viewer, out] = [path.resolve(options.viewer), path.resolve(options.out)];
  const { plugins = ['extension', 'mode'], bundles = [] } = options;
  checkPluginsBuilt(plugins);
  if (!existsSync(path.join(viewer, PAGE)))
    throw new UserError(`${viewer} has no ${PAGE}: give the dist folder of a prebuilt OHIF.`);
  await checkOut(viewer, out);
  const originals = await originalFiles(viewer);
  const keptConfig = await hasEditedConfig(out, viewer);
  if (keptConfig) originals.set(SITE_CONFIG, { copy: path.join(out, SITE_CONFIG) });

  const html = (await bytesOf(originals.get(PAGE))).toString();
  const built = baseOf(html) ?? '/';
  const base = checkBase(options.base ?? built);
  const { decoder, ...host } = readHost(viewer);
  const boot: Boot = {
    ...host,
    moved: base !== built,
    plugins: plugins.map(kind => ({ kind, name: PACKAGE_NAMES[kind] })),
    panel: PANEL,
  };
  const page = changedPage(html, built, base, boot);
  const added: Contents = new Map([
    ...page.scripts,
    ...(await pluginFiles(plugins)),
    ...(await publicFiles(bundles)),
  ]);
  const changed: Contents = new Map([[PAGE, Buffer.from(page.html)]]);
  if (boot.moved) for (const entry of await movedFiles(originals, built, base)) changed.set(...entry);
  for (const name of added.keys())
    if (originals.has(name)) throw new UserError(`The viewer already has ${name}: remove it there first.`);

  await mkdir(path.dirname(out), { recursive: true });
  const incoming = await mkdtemp(`${out}.incoming-`);
  try {
    const about = {
      kit: packageJson.version,
      base,
      siteConfig: await originalConfig(viewer),
      decoder: [...originals.keys()].find(name => name.startsWith(`${decoder}.bundle.`)),
    };
    const manifest = await writeFolder(incoming, about, { originals, added, changed });
    await replaceFolder(out, incoming);
    return { manifest, keptConfig };
  } finally {
    await rm(incoming, { recursive: true, force: true });
  }
}

/** Refuses a folder whose files would be lost. */
async function checkOut(viewer: string, out: string): Promise<void> {
  if (out === viewer || !existsSync(out)) {
    const inside = (a: string, b: string) => a !== b && !path.relative(b, a).startsWith('..');
    if (inside(out, viewer) || inside(viewer, out))
      throw new UserError(`${out} and ${viewer} lie in one another: give a folder beside the viewer.`);
    return;
  }
  if (!readManifest(out) && (await readdir(out)).length)
    throw new UserError(`${out} is not empty, and no folder that the kit wrote: give another.`);
}

function checkBase(base: string): string {
  if (/^\/([\w.~-]+\/)*$/.test(base)) return base;
  throw new UserError(`The base “${base}” is no path from slash to slash, such as / or /viewer/.`);
}

/** The viewer's files as they were before any kit. */
async function originalFiles(viewer: string): Promise<Contents> {
  const kit = readManifest(viewer);
  const files: Contents = new Map();
  for (const name of await listFiles(viewer)) {
    if (kit && (name === MANIFEST || name.startsWith(`${KIT_FOLDER}/`) || name in kit.added)) continue;
    files.set(name, { copy: path.join(viewer, kit?.changed[name]?.original ?? name) });
  }
  return files;
}

async function hasEditedConfig(out: string, viewer: string): Promise<boolean> {
  const file = path.join(out, SITE_CONFIG);
  const kit = readManifest(out);
  if (out === viewer || !kit || !existsSync(file)) return false;
  return (await readInfo(file)).sha256 !== kit.siteConfig;
}

/** Hash of the configuration that the viewer came with: what differs from it the site edited. */
async function originalConfig(viewer: string): Promise<string | undefined> {
  const kit = readManifest(viewer);
  if (kit) return kit.siteConfig;
  const file = path.join(viewer, SITE_CONFIG);
  return existsSync(file) ? (await readInfo(file)).sha256 : undefined;
}

function changedPage(html: string, built: string, base: string, boot: Boot) {
  const at = (name: string) => `${KIT_FOLDER}/${name}`;
  const inline = withoutInlineScripts(movePage(html, built, base), n => base + at(`page-${n}.js`));
  const page = withScriptBeforeApp(inline.html, base + at('boot.js'));
  if (!page)
    throw new UserError(`${PAGE} of the viewer has no script app.bundle.*.js: it is no page of OHIF.`);
  const scripts: [string, Content][] = inline.scripts.map((script, n) => [
    at(`page-${n + 1}.js`),
    Buffer.from(script),
  ]);
  const files = { 'boot.js': bootScript(boot), ...silentRefresh() };
  for (const [name, text] of Object.entries(files)) scripts.push([at(name), Buffer.from(text)]);
  return { html: page, scripts };
}

/** Files of the viewer that name its path, and how they are changed; boot.js tells it to the main script. */
const MOVES: [RegExp, (text: string, from: string, to: string) => string][] = [
  [/\.css$/, moveStyles],
  [/^(?!app\.bundle\.).*\.js$/, moveWorker],
  [/^(manifest\.json|assets\/[\w-]+\.(json|webapp|xml))$/, moveIcons],
];

/** Style sheets, workers and lists of icons of the viewer under another path. */
async function movedFiles(originals: Contents, built: string, base: string): Promise<[string, Content][]> {
  const moved: [string, Content][] = [];
  for (const [name, content] of originals) {
    const move = MOVES.find(([names]) => names.test(name))?.[1];
    if (!move) continue;
    const before = (await bytesOf(content)).toString();
    const after = move(before, built, base);
    if (after !== before) moved.push([name, Buffer.from(after)]);
  }
  return moved;
}

/** UMD bundles, and what the build puts beside them. */
async function pluginFiles(plugins: readonly PluginKind[]): Promise<[string, Content][]> {
  const files = await Promise.all(
    plugins.map(async kind =>
      (await listFiles(distOf(kind)))
        .filter(name => !name.startsWith('index.mjs'))
        .map((name): [string, Content] => [
          `${PACKAGE_NAMES[kind]}/${name}`,
          { copy: path.join(distOf(kind), name) },
        ]),
    ),
  );
  return files.flat();
}

/** The extension's public folder with the bundles it uses unless it is configured, and the site's own. */
async function publicFiles(bundles: readonly string[]): Promise<[string, Content][]> {
  for (const folder of bundles)
    if (!existsSync(path.join(folder, 'bundle.json')))
      throw new UserError(`${folder} has no bundle.json: it is not the folder of a bundle.`);
  const under = async (folder: string, to: string): Promise<[string, Content][]> =>
    (await listFiles(folder)).map(name => [to + name, { copy: path.join(folder, name) }]);
  const isOurs = (name: string) =>
    SHIPPED_BUNDLES.includes(name.split('/')[2]) || !name.includes('/bundles/');
  const ours = await under(path.join(publicFolder(), EXTENSION), `${EXTENSION}/`);
  const theirs = bundles.map(folder =>
    under(path.resolve(folder), `${EXTENSION}/bundles/${path.basename(folder)}/`),
  );
  return [...ours.filter(([name]) => isOurs(name)), ...(await Promise.all(theirs)).flat()];
}

async function writeFolder(
  folder: string,
  about: Omit<KitManifest, 'added' | 'changed' | 'unchanged'>,
  { originals, added, changed }: Record<'originals' | 'added' | 'changed', Contents>,
): Promise<KitManifest> {
  const manifest: KitManifest = { ...about, added: {}, changed: {}, unchanged: {} };
  for (const [name, content] of originals) {
    const change = changed.get(name);
    if (change) {
      const original = `${KIT_FOLDER}/original/${name}`;
      const { sha256 } = await write(folder, original, content);
      manifest.changed[name] = { ...(await write(folder, name, change)), original, originalSha256: sha256 };
    } else {
      const info = await write(folder, name, content);
      if (name !== SITE_CONFIG) manifest.unchanged[name] = info;
    }
  }
  for (const [name, content] of added) manifest.added[name] = await write(folder, name, content);
  await writeFile(path.join(folder, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
  return manifest;
}

async function write(folder: string, name: string, content: Content): Promise<FileInfo> {
  const file = path.join(folder, name);
  await mkdir(path.dirname(file), { recursive: true });
  if (content instanceof Uint8Array) await writeFile(file, content);
  else await copyFile(content.copy, file, constants.COPYFILE_FICLONE);
  return infoOf(await bytesOf(content));
}

async function bytesOf(content: Content | undefined): Promise<Buffer> {
  if (!content) return Buffer.alloc(0);
  return content instanceof Uint8Array ? Buffer.from(content) : readFile(content.copy);
}

async function replaceFolder(out: string, incoming: string): Promise<void> {
  const outgoing = incoming.replace('.incoming-', '.outgoing-');
  const isThere = existsSync(out);
  if (isThere) await rename(out, outgoing);
  try {
    await rename(incoming, out);
  } catch (error) {
    if (isThere) await rename(outgoing, out);
    throw error;
  }
  await rm(outgoing, { recursive: true, force: true });
}
