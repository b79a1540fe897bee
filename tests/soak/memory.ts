import { readFileSync } from 'node:fs';
import type { DevTools, Send } from './DevTools';

/** Kinds of Chromium's processes; `helpers` are those of network, storage and other services. */
export const PROCESSES = ['renderer', 'GPU', 'browser', 'helpers'] as const;
export type ProcessKind = (typeof PROCESSES)[number];

/** What a browser with one page holds, in MB (10^6 bytes), and counts of the page. */
export interface Memory {
  /** Memory that is no file: proportional set size, so that shared memory counts once. */
  processes: Record<ProcessKind, number>;
  /** JavaScript objects of the page and of its workers. */
  pageHeap: number;
  workerHeaps: number;
  /** Array buffers and WebAssembly memories of the page. */
  pageBuffers: number;
  listeners: number;
  nodes: number;
  /** WebGL textures. */
  textures: number;
}

export const inAll = ({ processes }: Memory): number =>
  PROCESSES.reduce((sum, kind) => sum + processes[kind], 0);

/**
 * Collects garbage, then measures, without a service that Chromium starts whatever the page does.
 * Linux only: reads /proc.
 */
export async function measureMemory(browser: DevTools): Promise<Memory> {
  const threads = [browser.page, ...browser.workers];
  // What finalizers free goes in the next round.
  for (let round = 0; round < 3; round++)
    for (const send of threads) await send('HeapProfiler.collectGarbage');
  const [page, ...workers] = await Promise.all(threads.map(heapOf));
  const { metrics } = await browser.page('Performance.getMetrics');
  const metric = (name: string) => metrics.find(m => m.name === name)?.value ?? Number.NaN;
  const processes: Memory['processes'] = { renderer: 0, GPU: 0, browser: 0, helpers: 0 };
  const { processInfo } = await browser.send('SystemInfo.getProcessInfo');
  for (const { type, id } of processInfo)
    if (!type.startsWith('on_device_model')) processes[kindOf(type)] += megabytesOf(id);
  return {
    processes,
    pageHeap: page.objects,
    workerHeaps: workers.reduce((sum, { objects }) => sum + objects, 0),
    pageBuffers: page.buffers,
    listeners: metric('JSEventListeners'),
    nodes: metric('Nodes'),
    textures: Number(await browser.evaluate('livingTextures()')),
  };
}

/**
 * JavaScript for a page before its own: counts the WebGL textures that are neither deleted nor collected as
 * garbage, which frees them too.
 */
export const COUNT_TEXTURES = `{
  let textures = [];
  const deleted = new WeakSet();
  const { createTexture, deleteTexture } = WebGL2RenderingContext.prototype;
  WebGL2RenderingContext.prototype.createTexture = function () {
    const texture = createTexture.call(this);
    if (texture) textures.push(new WeakRef(texture));
    return texture;
  };
  WebGL2RenderingContext.prototype.deleteTexture = function (texture) {
    if (texture) deleted.add(texture);
    deleteTexture.call(this, texture);
  };
  window.livingTextures = () => {
    const lives = texture => texture !== undefined && !deleted.has(texture);
    textures = textures.filter(reference => lives(reference.deref()));
    return textures.length;
  };
}`;

const kindOf = (type: string): ProcessKind => PROCESSES.find(kind => kind === type) ?? 'helpers';

/** A process may end while the others are read. */
function megabytesOf(process: number): number {
  try {
    const text = readFileSync(`/proc/${process}/smaps_rollup`, 'utf8');
    const kibibytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1]);
    return ((kibibytes('Pss_Anon') + kibibytes('Pss_Shmem')) * 1024) / 1e6;
  } catch {
    return 0;
  }
}

async function heapOf(send: Send): Promise<{ objects: number; buffers: number }> {
  const { usedSize, backingStorageSize } = await send('Runtime.getHeapUsage');
  return { objects: usedSize / 1e6, buffers: backingStorageSize / 1e6 };
}
