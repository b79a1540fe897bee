import { describe, expect, it, vi } from 'vitest';
import { english } from '../messages/english';
import { read } from '../testing/read';
import { chooseProvider, type ProviderEnvironment } from './chooseProvider';

type Gpu = ProviderEnvironment['gpu'];
const adapter = (features: string[], info = {}): Gpu => ({
  requestAdapter: async () => ({ info, features: new Set(features) }),
});
const real = adapter([]);
const half = adapter(['shader-f16']);
const software = adapter([], { isFallbackAdapter: true });
const none: Gpu = { requestAdapter: async () => null };
const failing: Gpu = { requestAdapter: () => Promise.reject(new Error('lost')) };

const on = (gpu: Gpu, more: Partial<ProviderEnvironment> = {}): ProviderEnvironment => ({
  gpu,
  crossOriginIsolated: true,
  hardwareConcurrency: 4,
  ...more,
});

describe('chooseProvider', () => {
  it.each([
    ['auto', 'a real GPU', real, 'webgpu'],
    ['auto', 'a software GPU', software, 'wasm'],
    ['auto', 'no adapter', none, 'wasm'],
    ['auto', 'an adapter request that fails', failing, 'wasm'],
    ['auto', 'no WebGPU', undefined, 'wasm'],
    ['webgpu', 'a real GPU', real, 'webgpu'],
    ['webgpu', 'a software GPU', software, 'webgpu'],
    ['webgpu', 'no adapter', none, 'wasm'],
    ['webgpu', 'no WebGPU', undefined, 'wasm'],
    ['wasm', 'a real GPU', real, 'wasm'],
  ] as const)('asked for %s with %s', async (choice, _, gpu, provider) => {
    const decision = await chooseProvider(choice, on(gpu), false);
    expect(decision.provider).toBe(provider);
    expect(english(decision.text)).toContain(provider === 'webgpu' ? 'GPU' : 'WebAssembly');
  });

  it('does not touch the GPU when WebAssembly is asked for', async () => {
    const requestAdapter = vi.fn(async () => null);
    await chooseProvider('wasm', on({ requestAdapter }), true);
    expect(requestAdapter).not.toHaveBeenCalled();
  });

  it.each([
    [false, 16, 1, '1 thread)'],
    [true, 4, 4, '4 threads)'],
    [true, 64, 8, '8 threads)'],
    [true, 1, 1, '1 thread)'],
  ])(
    'isolated %s with %i cores runs %i threads',
    async (crossOriginIsolated, hardwareConcurrency, threads, words) => {
      const decision = await chooseProvider(
        'wasm',
        on(undefined, { crossOriginIsolated, hardwareConcurrency }),
        false,
      );
      expect(decision.threads).toBe(threads);
      expect(english(decision.text)).toContain(words);
    },
  );

  it('tells a GPU that is only software from none', async () => {
    expect(english((await chooseProvider('auto', on(software), true)).text)).toContain('software GPU');
    expect(english((await chooseProvider('auto', on(none), true)).text)).toContain('No usable GPU');
  });

  it.each([
    ['a GPU and a bundle that have it', 'auto', half, true, 'fp16', 'half precision'],
    ['a GPU without', 'auto', real, true, 'fp32', 'single precision'],
    ['a bundle without', 'auto', half, false, 'fp32', 'single precision'],
    ['the processor', 'wasm', half, true, 'fp32', 'WebAssembly'],
  ] as const)('takes half precision where it can: %s', async (_, choice, gpu, hasHalf, precision, words) => {
    const decision = await chooseProvider(choice, on(gpu), hasHalf);
    expect(read(decision)).toMatchObject({ precision, text: expect.stringContaining(words) });
  });
});
