import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect, realStudy, test } from './support/test';

const root = path.resolve(import.meta.dirname, '../..');

// Real patients: nothing of these studies goes into the repository.
for (const study of ['openms-26', 'openms-long-12', 'tcga-fg-6692']) {
  test(`${study} goes through the command line or is refused in one text @long`, async ({ folder }) => {
    const source = await realStudy(study, folder, ['t1ce']);
    const args = ['--study', source, '--target', 't1ce', '--out', path.join(folder, 'out'), '--json'];
    const { status, stdout, stderr } = spawnSync('npm', ['run', '--silent', 'synthesize', '--', ...args], {
      cwd: root,
      encoding: 'utf8',
    });
    const said = stderr.split('\n').filter(line => line && !/^\d+ %|^npm warn/.test(line));
    if (status === 0) expect(JSON.parse(stdout).outputs[0].files.length).toBeGreaterThan(20);
    else expect(said).toHaveLength(1);
    console.log(status === 0 ? `${study}: made` : said[0]);
  });
}
