import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { CDPSession, Worker } from '@playwright/test';
import { BUNDLES, type SynthesisPage } from './SynthesisPage';

/** What goes wrong while a job runs, and comes right again. */
export interface Fault {
  name: string;
  /** Stages at which it can happen; default: all. */
  stages?: readonly string[];
  /** The stage at which `npm test` lets it happen; without it only the long tests do. */
  quick?: string;
  /** Before the job that it meets. */
  before?(app: SynthesisPage): Promise<void>;
  /** Lets it happen. */
  strike(app: SynthesisPage): Promise<unknown>;
  /** Ends it, before the next job. */
  end?(app: SynthesisPage): Promise<unknown>;
  /** How far a right result may be from that of the processor, stored values; default: not at all. */
  within?: number;
  /** Codes of the messages that may end the job; null: the page may go with it. A right result always may. */
  messages: readonly (string | null)[];
}

/** WebGPU in a worker, which TypeScript's DOM library does not know yet. */
interface GpuScope {
  devices: { destroy(): void }[];
  GPUAdapter: { prototype: { requestDevice(...options: unknown[]): Promise<{ destroy(): void }> } };
  GPUAdapterInfo: { prototype: object };
}

const bundles = path.resolve(import.meta.dirname, '../../../extension/public', `.${BUNDLES}`);

/** Our engine's worker is the only one from a Blob. */
const isEngine = (worker: Worker) => worker.url().startsWith('blob:');

function engineWorkers({ page }: SynthesisPage): Worker[] {
  return page.workers().filter(isEngine);
}

async function devtools<T>({ page }: SynthesisPage, use: (session: CDPSession) => Promise<T>): Promise<T> {
  const session = await page.context().newCDPSession(page);
  try {
    return await use(session);
  } finally {
    await session.detach();
  }
}

export async function killWorkers(app: SynthesisPage): Promise<void> {
  await Promise.all(
    engineWorkers(app).map(async worker => {
      const closed = worker.waitForEvent('close');
      await worker.evaluate(() => self.close());
      await closed;
    }),
  );
}

/** Ends the worker and deletes the files of the model: the next job starts as the first. */
export async function asAtFirst(app: SynthesisPage): Promise<void> {
  await killWorkers(app);
  await forgetModels(app);
}

/** Deletes the files of the model. */
export async function forgetModels({ page }: SynthesisPage): Promise<void> {
  await page.evaluate(async () => {
    for (const name of await caches.keys()) await caches.delete(name);
  });
}

const workerKilled: Fault = {
  name: 'the worker is killed',
  quick: 'images',
  strike: killWorkers,
  messages: ['job/worker-failed'],
};

const outOfMemory: Fault = {
  name: 'WebAssembly gets no more memory',
  quick: 'brain',
  before: asAtFirst,
  strike: async app => {
    const refuse = () => {
      WebAssembly.Memory.prototype.grow = () => {
        throw new RangeError('out of memory');
      };
    };
    await Promise.all(engineWorkers(app).map(worker => worker.evaluate(refuse)));
  },
  messages: ['provider/network-not-started', 'provider/network-failed', 'job/failed'],
};

const networkGone: Fault = {
  name: 'the network is gone while the model is downloaded',
  stages: ['read', 'register', 'brain', 'download'],
  quick: 'read',
  before: asAtFirst,
  strike: ({ page }) => page.route(`**${BUNDLES}**`, route => route.abort('internetdisconnected')),
  end: ({ page }) => page.unroute(`**${BUNDLES}**`),
  messages: ['bundle/unreachable', 'bundle/cut'],
};

let versions = 0;

/** The bundle with another file in place of one of its graphs: the same graph with another remark. */
const modelReplaced: Fault = {
  name: 'the model is replaced by another version',
  stages: ['read', 'register', 'brain', 'download'],
  quick: 'read',
  before: asAtFirst,
  strike: async ({ page }) => {
    const folder = path.join(bundles, 'cdm-tiny');
    const manifest = JSON.parse(await readFile(path.join(folder, 'bundle.json'), 'utf8'));
    const entry = manifest.files.wasm['cunet-0'];
    // doc_string of an ONNX ModelProto: field 6, one character.
    const remark = Buffer.from([0x32, 1, 0x41 + (versions++ % 26)]);
    const body = Buffer.concat([await readFile(path.join(folder, entry.path)), remark]);
    entry.bytes = body.byteLength;
    entry.sha256 = createHash('sha256').update(body).digest('hex');
    // The last route is asked first. Without the one before it the first version would be served in between.
    await page.route(`**${BUNDLES}cdm-tiny/**`, route => {
      const { pathname } = new URL(route.request().url());
      if (pathname.endsWith('/bundle.json')) return route.fulfill({ json: manifest });
      return pathname.endsWith(`/${entry.path}`) ? route.fulfill({ body }) : route.continue();
    });
  },
  // A description of the new and a file of the old, or the other way round.
  messages: ['bundle/corrupt', 'bundle/cut'],
};

const storageFull: Fault = {
  name: 'the browser has no room for the model',
  stages: ['read', 'register', 'brain', 'download'],
  quick: 'read',
  before: asAtFirst,
  strike: app =>
    devtools(app, async session => {
      await session.send('Storage.overrideQuotaForOrigin', { origin: app.viewer.url, quotaSize: 1000 });
    }),
  end: app =>
    devtools(app, async session => {
      await session.send('Storage.overrideQuotaForOrigin', { origin: app.viewer.url });
    }),
  messages: [],
};

const asleep: Fault = {
  name: 'the laptop sleeps for a minute',
  quick: 'images',
  strike: async app => {
    const jump = () => {
      const [date, now] = [Date.now, performance.now.bind(performance)];
      Date.now = () => date() + 60_000;
      performance.now = () => now() + 60_000;
    };
    await Promise.all([app.page.evaluate(jump), ...engineWorkers(app).map(worker => worker.evaluate(jump))]);
  },
  messages: [],
};

const frozen: Fault = {
  name: 'the browser freezes the tab for two seconds',
  quick: 'images',
  strike: app =>
    devtools(app, async session => {
      await session.send('Page.setWebLifecycleState', { state: 'frozen' });
      await new Promise(resolve => setTimeout(resolve, 2000));
      await session.send('Page.setWebLifecycleState', { state: 'active' });
    }),
  messages: [],
};

/** As Chromium treats a tab in the background; a headless one is never hidden. */
const hidden: Fault = {
  name: 'the tab is hidden and throttled',
  quick: 'prepare',
  strike: async app => {
    await devtools(app, async session => {
      await session.send('Emulation.setCPUThrottlingRate', { rate: 4 });
      await app.page.evaluate(async () => {
        const [timer, frame] = [window.setTimeout, window.requestAnimationFrame];
        const see = (state: string) => {
          Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => state });
          document.dispatchEvent(new Event('visibilitychange'));
        };
        window.setTimeout = ((work: TimerHandler, ms = 0, ...more: unknown[]) =>
          timer(work, Math.max(1000, ms), ...more)) as typeof setTimeout;
        // No frame is drawn until the tab is seen again.
        const waiting: FrameRequestCallback[] = [];
        window.requestAnimationFrame = callback => waiting.push(callback);
        see('hidden');
        await new Promise(resolve => timer(resolve, 5000));
        Object.assign(window, { setTimeout: timer, requestAnimationFrame: frame });
        see('visible');
        for (const callback of waiting) frame(callback);
      });
    });
  },
  messages: [],
};

const reloaded: Fault = {
  name: 'the page is reloaded',
  quick: 'brain',
  strike: async app => {
    await app.page.reload();
    await app.ready();
  },
  messages: [null],
};

const closed: Fault = {
  name: 'the study is closed',
  strike: async app => {
    await app.page.click('[data-cy="return-to-work-list"]');
    await app.viewports.first().waitFor({ state: 'detached' });
    await app.page.goBack();
    await app.ready();
  },
  messages: ['job/study-closed', null],
};

/** The engine takes the software adapter for a real one; after this fault it goes on on the processor. */
export const deviceLost: Fault = {
  name: 'the GPU device is lost',
  stages: ['brain', 'images'],
  // 1e-3 of 4096: what was done before, or goes on with a new device, is the GPU's.
  within: 4,
  before: async app => {
    app.page.on('worker', async worker => {
      if (!isEngine(worker)) return;
      await worker.evaluate(() => {
        const scope = self as unknown as GpuScope;
        const { prototype } = scope.GPUAdapter;
        const { requestDevice } = prototype;
        scope.devices = [];
        prototype.requestDevice = async function (...options) {
          const device = await requestDevice.apply(this, options);
          scope.devices.push(device);
          return device;
        };
        Object.defineProperty(scope.GPUAdapterInfo.prototype, 'isFallbackAdapter', { get: () => false });
      });
    });
    await asAtFirst(app);
  },
  strike: app =>
    Promise.all(
      engineWorkers(app).map(worker =>
        worker.evaluate(() => {
          for (const device of (self as unknown as GpuScope).devices) device.destroy();
        }),
      ),
    ),
  end: async ({ page }) => {
    page.removeAllListeners('worker');
  },
  messages: [],
};

export const FAULTS: readonly Fault[] = [
  workerKilled,
  outOfMemory,
  networkGone,
  modelReplaced,
  storageFull,
  asleep,
  frozen,
  hidden,
  reloaded,
  closed,
];
