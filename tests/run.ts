/**
 * `npm test`: lint, types, unit tests, training tests, build, end-to-end tests in the real viewer; the last line counts
 * all of them. `npm run test:full` (--full) adds the long ones. Installs Chromium and Orthanc on Debian when they are missing and it may, else says what to do.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { findOrthanc } from '@modality-synthesis/viewer/demo';
import { z } from 'zod';

const root = path.resolve(import.meta.dirname, '..');
const results = path.join(root, 'test-results');

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

const total: Counts = { passed: 0, failed: 0, skipped: 0 };

function add(counts: Partial<Counts>): void {
  for (const key of ['passed', 'failed', 'skipped'] as const) total[key] += counts[key] ?? 0;
}

function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): boolean {
  console.log(`\n> ${command} ${args.join(' ')}`);
  const { status } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  return status === 0;
}

/** A step that passes or fails as a whole. */
function check(script: string): boolean {
  const ok = run('npm', ['run', '--silent', script]);
  add(ok ? { passed: 1 } : { failed: 1 });
  return ok;
}

/** A runner's own counts out of its JSON report; a runner that leaves no report counts as one failure. */
function report<T>(file: string, schema: z.ZodType<T>, counts: (report: T) => Counts): void {
  const target = path.join(results, file);
  if (existsSync(target)) add(counts(schema.parse(JSON.parse(readFileSync(target, 'utf8')))));
  else add({ failed: 1 });
}

function unit(): void {
  const file = path.join('test-results', 'unit.json');
  run('npx', ['vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`]);
  const counted = z.object({
    numPassedTests: z.number(),
    numFailedTests: z.number(),
    numPendingTests: z.number(),
    numFailedTestSuites: z.number(),
  });
  report('unit.json', counted, r => ({
    passed: r.numPassedTests,
    // A suite that does not even load has no tests to fail.
    failed: Math.max(r.numFailedTests, r.numFailedTestSuites > 0 ? 1 : 0),
    skipped: r.numPendingTests,
  }));
}

/** The Python package's own tests, where its dependencies are installed. */
function training(): void {
  const installed =
    spawnSync('python3', ['-c', 'import torch, onnxruntime, skimage, pytest, PIL, SimpleITK']).status === 0;
  if (!installed) {
    console.log("\nSkipped the training tests: pip install -e 'models/training[test]' first.");
    add({ skipped: 1 });
    return;
  }
  const ok = run('python3', [
    '-m',
    'pytest',
    '-q',
    'models/training',
    '--junitxml',
    'test-results/training.xml',
  ]);
  const xml = path.join(results, 'training.xml');
  const number = (name: string) =>
    Number(new RegExp(`<testsuite [^>]*\\b${name}="(\\d+)"`).exec(readFileSync(xml, 'utf8'))?.[1]);
  if (!existsSync(xml)) {
    add({ failed: 1 });
    return;
  }
  const failed = number('failures') + number('errors');
  add({
    passed: number('tests') - failed - number('skipped'),
    failed: ok ? failed : Math.max(1, failed),
    skipped: number('skipped'),
  });
}

/** Installs Debian packages where that is possible. */
function install(...packages: string[]): void {
  if (!existsSync('/usr/bin/apt-get') || process.getuid?.() !== 0) return;
  run('apt-get', ['update', '-qq']);
  run('apt-get', ['install', '-y', '-qq', ...packages], { DEBIAN_FRONTEND: 'noninteractive' });
}

/** Chromium's path; installed by apt where that is possible. */
function chromium(): string | undefined {
  const find = () => [process.env.CHROMIUM, '/usr/bin/chromium'].find(file => file && existsSync(file));
  if (!find()) install('chromium');
  return find();
}

/** The tests against a real PACS need Orthanc, and skip without it. */
function orthanc(): void {
  if (!findOrthanc()) install('orthanc', 'orthanc-dicomweb');
  if (!findOrthanc()) {
    console.log(
      '\nOrthanc is missing (Debian: apt-get install orthanc orthanc-dicomweb): its tests will be skipped.',
    );
  }
}

function endToEnd(): void {
  const browser = chromium();
  if (!browser) {
    console.error(
      '\nThe end-to-end tests need Chromium: install it (Debian: apt-get install chromium) or set CHROMIUM to its path.',
    );
    add({ failed: 1 });
    return;
  }
  orthanc();
  if (!check('build')) return;
  run('npx', ['playwright', 'test'], {
    CHROMIUM: browser,
    ...(process.argv.includes('--full') && { FULL: '1' }),
  });
  const counted = z.object({
    stats: z.object({ expected: z.number(), unexpected: z.number(), flaky: z.number(), skipped: z.number() }),
  });
  report('e2e.json', counted, ({ stats }) => ({
    passed: stats.expected + stats.flaky,
    failed: stats.unexpected,
    skipped: stats.skipped,
  }));
}

rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });
check('lint');
check('types');
unit();
training();
endToEnd();
console.log(
  `\n${total.passed} passed, ${total.failed} failed${total.skipped ? `, ${total.skipped} skipped` : ''}`,
);
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;
