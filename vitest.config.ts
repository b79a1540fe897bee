import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{engine,extension,mode,viewer}/src/**/*.test.ts?(x)'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
