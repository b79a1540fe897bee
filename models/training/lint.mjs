// Part of `npm run lint`: ruff and mypy over the training code, as pyproject.toml sets them.
import { spawnSync } from 'node:child_process';

const python = process.env.PYTHON ?? 'python3';
const inTraining = { cwd: import.meta.dirname, stdio: 'inherit' };

if (spawnSync(python, ['-c', 'import ruff, mypy']).status !== 0) {
  console.log(
    "models/training: skipped, as ruff and mypy are missing: pip install -e 'models/training[test]'.",
  );
} else {
  const checks = [['ruff', 'check', '--quiet'], ['ruff', 'format', '--check', '--quiet'], ['mypy']];
  const failed = checks.filter(check => spawnSync(python, ['-m', ...check], inTraining).status !== 0);
  process.exitCode = failed.length > 0 ? 1 : 0;
}
