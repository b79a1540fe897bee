import { existsSync } from 'node:fs';
import { chromium, defineConfig } from '@playwright/test';

/**
 * Headless Chromium without network chatter; software draws WebGL, but not the page, which would take longer than our
 * jobs. WebGPU flags are a project's own.
 */
const flags = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-gpu-compositing',
  '--use-gl=angle',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--ignore-gpu-blocklist',
];
/** Debian's Chromium, or else the one that `npx playwright install chromium` brings. */
const executablePath =
  [process.env.CHROMIUM, '/usr/bin/chromium'].find(file => file && existsSync(file)) ??
  chromium.executablePath();
/** How Chromium is started, for scripts that are no Playwright tests. */
export const launchOptions = { executablePath, args: flags };
const softwareWebGpu = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'];

export const viewport = { width: 1500, height: 900 };

const browser = (args: string[]) => ({
  viewport,
  launchOptions: { ...launchOptions, args: [...flags, ...args] },
});

export default defineConfig({
  testDir: 'tests/e2e',
  grepInvert: process.env.FULL ? undefined : /@long/,
  fullyParallel: true,
  workers: 2,
  retries: 0,
  failOnFlakyTests: true,
  timeout: 240_000,
  expect: { timeout: 30_000 },
  reporter: [['list'], ['json', { outputFile: 'test-results/e2e.json' }]],
  use: { screenshot: 'only-on-failure' },
  projects: [
    { name: 'chromium', testIgnore: '**/webgpu.spec.ts', use: browser([]) },
    { name: 'chromium-webgpu', testMatch: '**/webgpu.spec.ts', use: browser(softwareWebGpu) },
  ],
});
