import { configDefaults, defineConfig } from 'vitest/config';

const code = '{engine,fleet,extension,mode,viewer,tests}';
/** What needs a runtime of networks, another program or DICOM files on disk. */
const integration = '**/*.integration.test.ts';
/** 10,000 cases of a property take longer than 200. */
const patience = process.env.FULL ? 300_000 : 60_000;

export default defineConfig({
  test: {
    setupFiles: 'tests/propertyRuns.ts',
    // By default one core is left for watching.
    maxWorkers: '100%',
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: [`${code}/**/*.test.ts?(x)`],
          exclude: [...configDefaults.exclude, integration],
          testTimeout: patience,
          hookTimeout: patience,
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: [`${code}/${integration}`],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
