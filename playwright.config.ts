import { existsSync } from 'node:fs';
import path from 'node:path';
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

/**
 * Firefox as Debian has it, over WebDriver BiDi; `bin.mjs` gives it a display, and WebGL by software; it draws less often.
 * It has one core: with a BiDi session open, `new Worker` in a worker never returns every twentieth time or so
 * (`npx tsx tests/firefoxNestedWorkers.ts`), and onnxruntime starts its threads that way.
 */
const firefox = {
  browserName: 'firefox' as const,
  viewport,
  launchOptions: {
    channel: 'moz-firefox',
    headless: false,
    executablePath: path.join(import.meta.dirname, 'tests/e2e/support/firefox/bin.mjs'),
    firefoxUserPrefs: {
      'webgl.force-enabled': true,
      'layout.frame_rate': 20,
      'dom.maxHardwareConcurrency': 1,
    },
  },
};
/** Specs that are run in Firefox too: where the viewer stands, and what stands around it. */
const inFirefox = ['nginx', 'login', 'data-sources', 'forty-series', 'tabs', 'modes', 'air-gap', 'proxies'];

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
    {
      name: 'firefox',
      testMatch: (process.env.FULL ? inFirefox : ['nginx']).map(name => `**/${name}.spec.ts`),
      // Its WebGL and its page are drawn by the processor.
      timeout: 480_000,
      use: firefox,
    },
  ],
});
