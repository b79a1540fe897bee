import type { BackendId } from '../backends/Backend';
import { Networks } from '../backends/Networks';
import { webBackends } from '../backends/web';
import { SynthesisError } from '../errors';
import { Mutex } from '../inference/ort/Mutex';
import type { Network, Runtime, Tensor } from '../inference/Runtime';
import { METHODS } from '../methods';
import type { Models } from '../models';
import { sha256 } from '../sha256';
import { fakeBrain, tinyBrainManifest } from './tinyBrain';
import { tinyManifest } from './tinyManifest';

/** When a backend breaks: as a network starts or runs, or the second C-UNet computes wrongly. */
export type Failure = 'load' | 'run' | 'wrong';

const ONNX = new Uint8Array([1, 2, 3]);

/** The tiny bundles, with files that a reader gives and a self-test that the networks below pass. */
export async function tinyModels(): Promise<Models> {
  const [region, synthesis] = [tinyBrainManifest(), tinyManifest()];
  region.networks.brain.flops = 1e6;
  const files = [...Object.values(region.files.fp32), ...Object.values(synthesis.files.fp32)];
  for (const file of files) file.sha256 = await sha256(ONNX);
  synthesis.self_test.networks['cunet-1'] = { mean: Array(32).fill(0.5) };
  return {
    region: { manifest: region, sha256: 'b'.repeat(64), baseUrl: 'http://brain/' },
    synthesis: {
      manifest: synthesis,
      sha256: 'c'.repeat(64),
      baseUrl: 'http://bundle/',
      method: METHODS[0],
    },
  };
}

/** The backends of a browser with a GPU and two cores, on which the tiny bundles predict 0.5 everywhere. */
export class TinyBackends {
  /** By provider, of the networks of synthesis; may change between jobs. */
  failing: Partial<Record<BackendId, Failure>> = {};
  /** Whether the brain network fails like the others. */
  brainFails = false;
  /** Networks that were started, in order: provider and name. */
  readonly started: string[] = [];
  /** Networks that are not released: provider and name. */
  readonly open = new Set<string>();
  /** Paths of the files that were read. */
  readonly files: string[] = [];

  networks(idle?: number): Networks {
    const environment = {
      gpu: { requestAdapter: async () => ({ info: {}, features: new Set<string>() }) },
      crossOriginIsolated: true,
      hardwareConcurrency: 2,
    };
    const backends = webBackends(environment, '', new Mutex()).map(backend => ({
      ...backend,
      start: async () => this.runtime(backend.id),
    }));
    const reader = (baseUrl: string) => async (path: string) => {
      this.files.push(baseUrl + path);
      return ONNX;
    };
    return new Networks(backends, { reader }, idle);
  }

  private runtime(provider: BackendId): Runtime {
    return {
      load: async name => {
        const failsAt = (failure: Failure) =>
          this.failing[provider] === failure && (name !== 'brain' || this.brainFails);
        if (failsAt('load')) throw new SynthesisError('inference-failed', 'lost');
        const id = `${provider} ${name}`;
        this.started.push(id);
        this.open.add(id);
        return {
          run: async feeds => {
            if (!this.open.has(id)) throw new RangeError(`${id} was released.`);
            if (failsAt('run')) throw new SynthesisError('inference-failed', 'lost');
            return name === 'brain' ? fakeBrain.run(feeds) : outputs(failsAt('wrong') ? 0.6 : 0.5);
          },
          release: async () => void this.open.delete(id),
        } satisfies Network;
      },
    };
  }
}

/** Of every network of synthesis at once. */
function outputs(predicted: number): Record<string, Tensor> {
  const { grid, roles, lesions } = tinyManifest();
  const filled = (value: number, ...dims: number[]): Tensor => ({
    dims,
    data: new Float32Array(dims.reduce((a, b) => a * b)).fill(value),
  });
  const [rows, columns] = grid.size;
  return {
    mean: filled(predicted, grid.slab, roles.length, rows, columns),
    scale: filled(0.1, grid.slab, roles.length, rows, columns),
    lesion: filled(1 / lesions.length, grid.slab, lesions.length, rows / 2, columns / 2),
  };
}
