import { defineConfig } from '@playwright/test';

/** Headless Chromium without network chatter and with software WebGL; WebGPU flags are a project's own. */
const flags = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--use-gl=angle',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--ignore-gpu-blocklist',
];
/** How Chromium is started, for scripts that are no Playwright tests. */
export const launchOptions = { executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: flags };
const softwareWebGpu = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'];

const browser = (args: string[]) => ({
  viewport: { width: 1500, height: 900 },
  launchOptions: { ...launchOptions, args: [...flags, ...args] },
});

export default defineConfig({
  testDir: 'tests/e2e',
  grepInvert: process.env.FULL ? undefined : /@long/,
  workers: 1,
  timeout: 240_000,
  expect: { timeout: 30_000 },
  reporter: [['list'], ['json', { outputFile: 'test-results/e2e.json' }]],
  use: { screenshot: 'only-on-failure' },
  projects: [
    { name: 'chromium', testIgnore: '**/webgpu.spec.ts', use: browser([]) },
    { name: 'chromium-webgpu', testMatch: '**/webgpu.spec.ts', use: browser(softwareWebGpu) },
  ],
});
