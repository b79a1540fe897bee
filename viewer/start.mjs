/** `npm start`: installs and builds what is missing or outdated, then runs the viewer's command line. */
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { fail, npm } from './install.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const at = name => path.join(root, name);

/** Sources of the build, and its outputs. */
const SOURCES = [
  'engine/src',
  'extension/src',
  'mode/src',
  'models/bundles',
  'webpack.config.js',
  'webpack.inline-worker.cjs',
];
/** Its modification time is that of the last build: webpack does not rewrite unchanged files. */
const STAMP = '.viewer/built';
const BUILT = ['extension', 'mode'].flatMap(name => [`${name}/dist/index.mjs`, `${name}/dist/index.umd.js`]);

/** Latest modification time of a file, or under a folder, ms; 0 if it does not exist. */
function changed(name) {
  if (!existsSync(at(name))) return 0;
  const info = statSync(at(name));
  if (!info.isDirectory()) return info.mtimeMs;
  return Math.max(info.mtimeMs, ...readdirSync(at(name)).map(entry => changed(path.join(name, entry))));
}

if (!BUILT.every(name => existsSync(at(name))) || changed(STAMP) < Math.max(...SOURCES.map(changed))) {
  console.log('Building (once) ...');
  npm(
    ['run', '--silent', 'build'],
    'The build failed, see above: a full disk is one cause, a changed source another.',
  );
  mkdirSync(path.dirname(at(STAMP)), { recursive: true });
  writeFileSync(at(STAMP), '');
}
try {
  const { register } = await import('tsx/esm/api');
  register();
  await import(pathToFileURL(at('viewer/src/cli.ts')).href);
} catch (error) {
  const why = error instanceof Error ? error.message.split('\n')[0] : error;
  fail(`The installed packages are damaged (${why}): is the disk full? Remove node_modules and start again.`);
}
