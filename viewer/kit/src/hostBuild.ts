/**
 * Finds packages and their exports in a prebuilt OHIF viewer (webpack: OHIF 3.12, rspack: 3.13 and 3.14;
 * only this file depends on their formats). The build has numbers as module names and short export names, but
 * it is not minified: each module starts with its number at the start of a line, and comments have the
 * original names.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** A package in the running viewer. */
export interface HostModule {
  /** Number of the module within the build. */
  id: number;
  /** CommonJS modules are their own default export. */
  kind: 'esm' | 'commonjs';
  /** Public export name, `default` included -> key on the module object. */
  exports: Record<string, string>;
}

/** Source text of the build. */
export interface HostBuild {
  /** Name of the global list onto which chunks are pushed. */
  chunkList: string;
  /** Chunks to load before the modules are available. */
  chunks: number[];
  /** The main file, then the chunks in order. */
  sources: [string, ...string[]];
}

/** Reads a build from disk. @throws Error for an unknown format, with the reason. */
export function readHostBuild(dist: string): HostBuild {
  const files = readdirSync(dist).filter(name => /^\w+\.bundle\.[0-9a-f]+\.js$/.test(name));
  const read = (prefix: string) => {
    const file = files.find(name => name.startsWith(`${prefix}.bundle.`));
    return file ? readFileSync(path.join(dist, file), 'utf8') : undefined;
  };
  const main = read('app');
  if (!main) throw new Error('it has no app.bundle.*.js');
  const chunkList = /chunkLoadingGlobal = globalThis\["(\w+)"\]/.exec(main)?.[1];
  if (!chunkList) throw new Error('its app.bundle.*.js loads no chunks, or is minified');
  const chunks = extensionImport(main, '@ohif/extension-cornerstone')?.chunks ?? [];
  return { chunkList, chunks, sources: [main, ...chunks.map(chunk => read(String(chunk)) ?? '')] };
}

/** The `import('@ohif/extension-...')` that OHIF's build generates for each of its plugins. */
export function extensionImport(main: string, name: string): { chunks: number[]; id: number } | undefined {
  const start = main.indexOf(`if (module === "${name}")`);
  if (start < 0) return undefined;
  const statement = main.slice(start, main.indexOf('return imported', start));
  const id = /__webpack_require__, (\d+)\)/.exec(statement)?.[1];
  if (!id) return undefined;
  const chunks = [...statement.matchAll(/__webpack_require__\.e\((?:\/\*.*?\*\/ ?)?(\d+)\)/g)].map(match =>
    Number(match[1]),
  );
  return { chunks, id: Number(id) };
}

/** Number of the module of a source file (path as in the build's comments), if the build has it. */
export function moduleIdOf(build: HostBuild, sourceFile: string): number | undefined {
  const escaped = sourceFile.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const comment = new RegExp(
    `// EXTERNAL MODULE: ${escaped}(?: \\+ \\d+ modules)?\\n[^\\n]*?__webpack_require__\\((\\d+)\\)`,
  );
  for (const source of build.sources) {
    const id = comment.exec(source)?.[1];
    if (id) return Number(id);
  }
  return undefined;
}

/** Exports of a module by public name. */
export function readModule(build: HostBuild, id: number): HostModule | undefined {
  const text = moduleText(build, id);
  if (text === undefined) return undefined;
  const table = /__webpack_require__\.d\(__webpack_exports__, \{\n([\s\S]*?)\n.*\}\);/.exec(text)?.[1];
  if (table !== undefined) return { id, kind: 'esm', exports: publicNames(table) };
  return { id, kind: 'commonjs', exports: commonJsNames(build, text) };
}

/** Names in the default export of `@ohif/core`: more than the named exports of the build. */
export function membersOfDefault(build: HostBuild): string[] {
  const body = /^const OHIF = \{\n([\s\S]*?)\n\};/m.exec(build.sources[0])?.[1] ?? '';
  return [...body.matchAll(/^ {2}([A-Za-z]\w*)[,:]/gm)].map(match => match[1] ?? '');
}

/** First line of a module; webpack puts its number into a line before, after a comment. */
const moduleHead = (id: number | '\\d+') => new RegExp(`^(?:/\\*\\*\\*/ )?${id}\\n?\\([\\w, ]*\\) \\{$`, 'm');

function moduleText(build: HostBuild, id: number): string | undefined {
  const head = moduleHead(id);
  for (const source of build.sources) {
    const start = source.search(head);
    if (start < 0) continue;
    const rest = source.slice(source.indexOf('{', start));
    const end = rest.search(moduleHead('\\d+'));
    return end < 0 ? rest : rest.slice(0, end);
  }
  return undefined;
}

/**
 * Parses the build's export table into public names.
 * @param table lines such as `xx: () => (/* reexport *\/ services_CineService),`; webpack's follow a comment
 */
export function publicNames(table: string): Record<string, string> {
  const rows = [...table.matchAll(/^(?:\/\*.*?\*\/)?\s*"?([\w$]+)"?: \(\) => \((.*)\),?$/gm)].map(match => ({
    key: match[1] ?? '',
    binding: match[2] ?? '',
  }));
  // The build shortens either all keys of a module or none; `default` becomes A, Ay or stays.
  const isShortened = rows.every(({ key }) => key === 'default' || key.length <= 3);
  const names: Record<string, string> = {};
  for (const { key, binding } of rows) {
    const isDefault = key === 'default' || (isShortened && (key === 'A' || key === 'Ay'));
    const name = isDefault ? 'default' : isShortened ? originalName(binding) : key;
    if (name && !(name in names)) names[name] = key;
  }
  return names;
}

/**
 * Original name of a binding that the build renamed, if it can be recovered:
 * `services_CineService` -> CineService, `_vec3_js__rspack_import_8` -> vec3,
 * `hooks/* .useToolbar *\/.tR` -> useToolbar, `utils/* ["default"] *\/.Ay` -> utils (webpack writes neither
 * the dot nor the brackets),
 * `extensions_MODULE_TYPES` -> MODULE_TYPES, `enums_namespaceObject` -> Enums.
 */
function originalName(binding: string): string | undefined {
  const bound = binding.replace(/^\/\*.*?\*\/\s*/, '');
  const reexported = /\/\* \.?([\w$]+) \*\//.exec(bound)?.[1];
  if (reexported && reexported !== 'default') return reexported;
  const local = /^([\w$]+)/.exec(bound)?.[1];
  if (!local) return undefined;
  const file = /^_(\w+?)_js__(?:rspack_import|WEBPACK_IMPORTED_MODULE)_\d+/.exec(local)?.[1];
  if (file) return file;
  if (local.endsWith('enums_namespaceObject')) return 'Enums';
  if (local.endsWith('_namespaceObject')) return undefined;
  const constant = /(?:^|_)([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*)$/.exec(local)?.[1];
  return constant ?? local.split('_').pop();
}

/** Names assigned to `exports`; follows React's `module.exports = require(...)`. */
function commonJsNames(build: HostBuild, text: string): Record<string, string> {
  const forwarded = /module\.exports = __webpack_require__\((\d+)\)/.exec(text)?.[1];
  const body = forwarded ? (moduleText(build, Number(forwarded)) ?? '') : text;
  const names = [...body.matchAll(/\bexports\.([A-Za-z]\w*)\s*=/g)].map(match => match[1] ?? '');
  return Object.fromEntries(names.map(name => [name, name]));
}
