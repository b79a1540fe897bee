/**
 * Checks Node and installs missing or outdated packages. Plain JavaScript: it runs before anything is
 * installed, at the start of `npm start` and `npm test`.
 */
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** Prints a message and exits. */
export function fail(sentence) {
  console.error(sentence);
  process.exit(1);
}

/** Runs npm in the repository; exits with the message at a failure. */
export function npm(args, trouble) {
  const { status } = spawnSync('npm', args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) fail(trouble);
}

const changed = name => statSync(path.join(root, name), { throwIfNoEntry: false })?.mtimeMs ?? 0;

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  fail(
    `Node ${process.versions.node} is too old: install Node 20.19, 22.13 or later from https://nodejs.org.`,
  );
}
if (changed('node_modules/.package-lock.json') < changed('package-lock.json')) {
  console.log('Installing packages (once) ...');
  npm(
    ['ci', '--loglevel=error'],
    'The packages could not be installed: is the npm registry reachable and the disk not full?',
  );
}
