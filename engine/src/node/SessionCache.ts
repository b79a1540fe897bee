import type { Precision } from '../bundle/fields';
import { bundlePrecision, loadNetworks } from '../bundle/loadBundle';
import type { Network, Runtime } from '../inference/Runtime';
import { selfTest } from '../inference/selfTest';
import { type Model, openModel } from '../models';
import type { NodeProvider } from './arguments';
import { folderReader } from './bundleFolder';
import { createOrtNodeRuntime } from './OrtNodeRuntime';

/** Where and how networks run. */
export interface SessionKey {
  /** Folder of the bundle, with a trailing separator. */
  bundle: string;
  precision: Precision;
  provider: NodeProvider;
  threads?: number;
}

/** Keeps bundles and started networks between jobs. */
export class SessionCache {
  private readonly bundles = new Map<string, Model>();
  private readonly runtimes = new Map<string, Runtime>();
  private readonly started = new Map<string, Network>();

  /** @throws SynthesisError as `openModel` */
  async bundle(folder: string): Promise<Model> {
    const bundle = this.bundles.get(folder) ?? (await openModel(folder, folderReader(folder)));
    this.bundles.set(folder, bundle);
    return bundle;
  }

  /**
   * Networks of a bundle by name. Starts new ones and, on a GPU, runs their self-test.
   * @throws SynthesisError as `loadNetworks`, `provider-unavailable`, `inference-failed` or
   *   `self-test-failed`
   */
  async networks(key: SessionKey, names: readonly string[]): Promise<(name: string) => Network> {
    const bundle = await this.bundle(key.bundle);
    const precision = bundlePrecision(bundle.manifest, key.precision);
    const place = `${key.provider} ${key.threads ?? 'all'}`;
    const slot = (name: string) => `${place} ${precision} ${key.bundle} ${name}`;
    const wanted = [{ bundle, names: names.filter(name => !this.started.has(slot(name))) }];
    const runtime = this.runtimes.get(place) ?? (await createOrtNodeRuntime(key.provider, key.threads));
    this.runtimes.set(place, runtime);
    for (const [name, onnx] of await loadNetworks(wanted, precision)) {
      this.started.set(slot(name), await runtime.load(name, onnx));
    }
    const network = (name: string) => this.started.get(slot(name))!;
    if (key.provider === 'webgpu') await selfTest(wanted, precision, network);
    return network;
  }

  async release(): Promise<void> {
    for (const network of this.started.values()) await network.release();
    this.started.clear();
  }
}
