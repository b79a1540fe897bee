/**
 * `npm test`: Vitest beside lint, types and pytest, then Playwright in the real viewer. Each runner writes a
 * report with its counts; the last line is their sum. `npm run test:full` (--full) adds the long tests and
 * 10,000 cases per property.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { convert } from 'xmlbuilder2';
import { z } from 'zod';

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

const root = path.resolve(import.meta.dirname, '..');
const results = path.join(root, 'test-results');
const env = process.argv.includes('--full') ? { ...process.env, FULL: '1' } : process.env;

/** Whether a command succeeds; its output is shown at once, or together at its end. */
async function run(command: string, output: 'live' | 'together'): Promise<boolean> {
  const options = { cwd: root, shell: true, env };
  const heading = `\n> ${command}`;
  if (output === 'live') {
    console.log(heading);
    const [status] = await once(spawn(command, { ...options, stdio: 'inherit' }), 'close');
    return status === 0;
  }
  const child = spawn(`${command} 2>&1`, options);
  const text: Buffer[] = [];
  child.stdout.on('data', part => text.push(part));
  const [status] = await once(child, 'close');
  console.log(`${heading}\n${Buffer.concat(text)}`);
  return status === 0;
}

/** A step that passes or fails as a whole. */
async function check(command: string): Promise<Counts> {
  const ok = await run(command, 'together');
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 };
}

/** Counts of a runner; a failure without a failed test, or a missing report, counts as one failure. */
async function tests(
  running: Promise<boolean>,
  report: string,
  count: (text: string) => Counts,
): Promise<Counts> {
  const ok = await running;
  const file = path.join(results, report);
  if (!existsSync(file)) return { passed: 0, failed: 1, skipped: 0 };
  const counts = count(readFileSync(file, 'utf8'));
  return ok ? counts : { ...counts, failed: Math.max(1, counts.failed) };
}

const vitestReport = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
});
const playwrightReport = z.object({
  stats: z.object({ expected: z.number(), unexpected: z.number(), flaky: z.number(), skipped: z.number() }),
});
const number = z.coerce.number();
const junitReport = z.object({
  testsuites: z.object({
    testsuite: z.object({ '@tests': number, '@failures': number, '@errors': number, '@skipped': number }),
  }),
});

function vitest(): Promise<Counts> {
  const command =
    'npx vitest run --reporter=default --reporter=json --outputFile.json=test-results/vitest.json';
  return tests(run(command, 'live'), 'vitest.json', text => {
    const report = vitestReport.parse(JSON.parse(text));
    const skipped = report.numPendingTests + report.numTodoTests;
    return { passed: report.numPassedTests, failed: report.numFailedTests, skipped };
  });
}

/** Tests of the training package, if its dependencies are installed. */
async function pytest(): Promise<Counts> {
  const imports = 'import torch, onnxruntime, skimage, pytest, PIL, SimpleITK';
  if (spawnSync('python3', ['-c', imports]).status !== 0) {
    console.log("\nSkipped the training tests: pip install -e 'models/training[test]' first.");
    return { passed: 0, failed: 0, skipped: 1 };
  }
  const command = 'python3 -m pytest -q models/training --junitxml=test-results/pytest.xml';
  return tests(run(command, 'together'), 'pytest.xml', text => {
    const { testsuite: suite } = junitReport.parse(convert(text, { format: 'object' })).testsuites;
    const [failed, skipped] = [suite['@failures'] + suite['@errors'], suite['@skipped']];
    return { passed: suite['@tests'] - failed - skipped, failed, skipped };
  });
}

/** The build, which is made beside Vitest, must be there. */
function playwright(): Promise<Counts> {
  return tests(run('npx playwright test', 'live'), 'e2e.json', text => {
    const { expected, unexpected, flaky, skipped } = playwrightReport.parse(JSON.parse(text)).stats;
    return { passed: expected, failed: unexpected + flaky, skipped };
  });
}

rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });
/** One after the other: together they need no more than the core that Vitest leaves. */
async function besideVitest(): Promise<Counts[]> {
  const steps = ['build', 'lint', 'types'];
  const counts: Counts[] = [];
  for (const step of steps) counts.push(await check(`npm run --silent ${step}`));
  return [...counts, await pytest()];
}

const first = await Promise.all([vitest(), besideVitest()]);
const all = [...first.flat(), await playwright()];
const [passed, failed, skipped] = (['passed', 'failed', 'skipped'] as const).map(key =>
  all.reduce((sum, counts) => sum + counts[key], 0),
);
console.log(`\n${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
