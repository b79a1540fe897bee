import { describe, expect, it, vi } from 'vitest';
import type { Precision } from '../bundle/fields';
import { Mutex } from '../inference/ort/Mutex';
import { coded } from '../testing/coded';
import { type BackendChoice, chooseBackend } from './Backend';
import { type WebEnvironment, webBackends } from './web';

type Gpu = WebEnvironment['gpu'];
const adapter = (features: string[], info = {}): Gpu => ({
  requestAdapter: async () => ({ info, features: new Set(features) }),
});
const real = adapter([]);
const half = adapter(['shader-f16']);
const software = adapter([], { isFallbackAdapter: true });
const none: Gpu = { requestAdapter: async () => null };
const failing: Gpu = { requestAdapter: () => Promise.reject(new Error('lost')) };

const on = (gpu: Gpu, more: Partial<WebEnvironment> = {}): WebEnvironment => ({
  gpu,
  crossOriginIsolated: true,
  hardwareConcurrency: 4,
  ...more,
});

/** Settings of the backend that is chosen. */
async function choose(choice: BackendChoice, environment: WebEnvironment, precision: Precision) {
  const { backend, settings } = await chooseBackend(
    webBackends(environment, '', new Mutex()),
    choice,
    precision,
  );
  expect(settings).toMatchObject({ runtime: 'onnxruntime-web', provider: backend.id });
  return coded(settings);
}

describe('webBackends', () => {
  it.each([
    ['auto', 'a real GPU', real, 'webgpu', 'provider/gpu-single'],
    ['auto', 'a software GPU', software, 'wasm', 'provider/software-gpu(provider/processor(4))'],
    ['auto', 'no adapter', none, 'wasm', 'provider/no-gpu(provider/processor(4))'],
    ['auto', 'an adapter request that fails', failing, 'wasm', 'provider/no-gpu(provider/processor(4))'],
    ['auto', 'no WebGPU', undefined, 'wasm', 'provider/no-gpu(provider/processor(4))'],
    ['webgpu', 'a real GPU', real, 'webgpu', 'provider/gpu-single'],
    ['webgpu', 'a software GPU', software, 'webgpu', 'provider/gpu-single'],
    ['webgpu', 'no adapter', none, 'wasm', 'provider/no-gpu(provider/processor(4))'],
    ['webgpu', 'no WebGPU', undefined, 'wasm', 'provider/no-gpu(provider/processor(4))'],
    ['wasm', 'a real GPU', real, 'wasm', 'provider/configured(provider/processor(4))'],
  ] as const)('asked for %s with %s', async (choice, _, gpu, provider, text) => {
    expect(await choose(choice, on(gpu), 'fp32')).toMatchObject({ provider, text });
  });

  it('does not touch the GPU when WebAssembly is asked for', async () => {
    const requestAdapter = vi.fn(async () => null);
    await choose('wasm', on({ requestAdapter }), 'fp16');
    expect(requestAdapter).not.toHaveBeenCalled();
  });

  it.each([
    [false, 16, 1],
    [true, 4, 4],
    [true, 64, 8],
    [true, 1, 1],
  ])(
    'isolated %s with %i cores runs %i threads',
    async (crossOriginIsolated, hardwareConcurrency, threads) => {
      const environment = on(undefined, { crossOriginIsolated, hardwareConcurrency });
      expect(await choose('wasm', environment, 'fp32')).toMatchObject({
        threads,
        text: `provider/configured(provider/processor(${threads}))`,
      });
    },
  );

  it.each([
    ['a GPU and a bundle that have it', 'auto', half, 'fp16', 'fp16', 'provider/gpu-half'],
    ['a GPU without', 'auto', real, 'fp16', 'fp32', 'provider/gpu-single'],
    ['a bundle without', 'auto', half, 'fp32', 'fp32', 'provider/gpu-single'],
    ['the processor', 'wasm', half, 'fp16', 'fp32', 'provider/configured(provider/processor(4))'],
  ] as const)('takes half precision where it can: %s', async (_, choice, gpu, wanted, precision, text) => {
    expect(await choose(choice, on(gpu), wanted)).toMatchObject({ precision, text });
  });
});
