// Part of `npm run lint`: no line is wider than 110 columns. Biome wraps code, but no comments and strings.
// A wider line is accepted if it has a URL or, outside comments, a string or a regular expression.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

const WIDTH = 110;
/** Folders and files that are checked; add the others as they are cleaned. */
const CHECKED = [
  'engine/src/brain',
  // Their usage texts are wider.
  ':!engine/src/node/arguments.ts',
  ':!engine/src/node/evaluate.ts',
  'engine/src/bundle',
  'engine/src/contrast',
  'engine/src/dicom',
  'engine/src/errors.ts',
  'engine/src/findBrain.ts',
  'engine/src/index.ts',
  'engine/src/inference',
  'engine/src/jobMessages.ts',
  'engine/src/models.ts',
  'engine/src/node',
  'engine/src/preflight',
  'engine/src/prepare.ts',
  'engine/src/progress.ts',
  'engine/src/recordSource.ts',
  'engine/src/registration',
  'engine/src/series',
  'engine/src/sha256.ts',
  'engine/src/synthesize.test.ts',
  'engine/src/synthesize.ts',
  'engine/src/volume',
  'engine/src/web',
  'extension/src',
  ':!extension/src/ui/styles.ts', // CSS
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
