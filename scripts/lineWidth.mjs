// Part of `npm run lint`: no line is wider than 110 columns. Biome wraps code, but no comments and strings.
// A wider line is accepted if it has a URL or, outside comments, a string or a regular expression.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

const WIDTH = 110;
/** Folders that are checked; models/training and the rest join as they are cleaned. */
const CHECKED = [
  'engine/src',
  ':!engine/src/node/arguments.ts', // usage text
  'extension/src',
  ':!extension/src/ui/styles.ts', // CSS
  'fleet',
  ':!fleet/src/usage.ts', // usage text
  'mode',
  'scripts',
  'tests',
  ':!tests/recognition.ts', // Markdown
  'viewer/*.mjs',
  'viewer/src',
];
const COMMENT = /^\s*(\/\/|\/?\*|#|""")/;

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', ...CHECKED], {
  encoding: 'utf8',
});
let wide = 0;
for (const file of files.split('\n').filter(name => /\.(tsx?|mjs|py)$/.test(name) && existsSync(name))) {
  for (const [n, line] of readFileSync(file, 'utf8').split('\n').entries()) {
    if (line.length <= WIDTH || line.includes('://')) continue;
    if (!COMMENT.test(line) && /['"`]|\/.+\//.test(line)) continue;
    console.error(`${file}:${n + 1}: ${line.length} columns, at most ${WIDTH}`);
    wide++;
  }
}
process.exit(wide ? 1 : 0);
