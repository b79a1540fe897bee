import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect, realStudy, test } from './support/test';

const root = path.resolve(import.meta.dirname, '../..');

async function synthesize(study: string, folder: string) {
  const source = await realStudy(study, folder, ['t1ce']);
  const args = ['--study', source, '--target', 't1ce', '--out', path.join(folder, 'out'), '--json'];
  const { status, stdout, stderr } = spawnSync('npm', ['run', '--silent', 'synthesize', '--', ...args], {
    cwd: root,
    encoding: 'utf8',
  });
  const messages = stderr.split('\n').filter(line => line && !/^\d+ %|^npm warn/.test(line));
  return { status, messages, report: JSON.parse(stdout) };
}

// Real patients: nothing from these studies may enter the repository.
for (const study of ['openms-26', 'openms-long-12']) {
  test(`${study} goes through the command line @long`, async ({ folder }) => {
    const { status, report } = await synthesize(study, folder);
    expect(status).toBe(0);
    expect(report.outputs[0].files.length).toBeGreaterThan(20);
  });
}

test('tcga-fg-6692, whose patient moved far, is refused by the alignment in one sentence @long', async ({
  folder,
}) => {
  const { status, messages, report } = await synthesize('tcga-fg-6692', folder);
  expect(status).toBe(1);
  expect(messages).toHaveLength(1);
  expect(messages[0]).toContain('--accept-warnings');
  expect(report.preflight.level).toBe('amber');
  expect(report.preflight.checks).toContainEqual(
    expect.objectContaining({ id: 'alignment', level: 'amber' }),
  );
});
