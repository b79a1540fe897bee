import type { Precision } from '../bundle/fields';
import {
  bundlePrecision,
  graphsFor,
  type LoadOptions,
  loadNetworks,
  type NetworkSelection,
} from '../bundle/loadBundle';
import { SynthesisError } from '../errors';
import type { Network, Runtime } from '../inference/Runtime';
import type { ServedModel } from '../inference/ServedModel';
import { selfTest } from '../inference/selfTest';
import { type Message, message } from '../messages';
import type { StepOptions } from '../progress';
import {
  type Backend,
  type BackendChoice,
  type BackendSettings,
  type Chosen,
  chooseBackend,
} from './Backend';
import { hostOf, openServedModel, type ServerPlace } from './oip/openServedModel';

/** Where networks run, and in which precision if there is a choice. */
export interface Placement {
  backend: BackendChoice;
  precision: Precision;
  /** Runs them instead of this machine. */
  server?: ServerPlace;
}

export interface NetworkOptions extends StepOptions {
  /** Called with the settings before networks run with them. */
  onBackend?: (settings: BackendSettings) => void;
}

/** Networks of a bundle by their names. */
export type NetworkByName = (name: string) => Network;

type Work<T> = (network: NetworkByName, settings: BackendSettings, server?: ServedModel) => Promise<T>;

/** Keeps runtimes and started networks between jobs. */
export class Networks {
  private readonly runtimes = new Map<string, Promise<Runtime>>();
  private readonly started = new Map<string, Network>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** Networks that are started ahead of their first use. */
  private ahead: { ended: Promise<void>; stop: () => void } | undefined;

  /**
   * @param backends in order of preference
   * @param idle time without a job after which networks are released, ms; default: never
   */
  constructor(
    private readonly backends: readonly Backend[],
    private readonly source: Pick<LoadOptions, 'reader' | 'store'>,
    private readonly idle?: number,
  ) {}

  /**
   * Runs `work` with networks of one bundle on the first backend that works. If one fails in the self-test or
   * later, repeats with the next, unless it was chosen by name. With a server none of them runs here: `work`
   * gets the bundle there.
   * @throws SynthesisError as `loadNetworks`, `Backend.start`, `loadOrtNetwork`, `selfTest`,
   *   `openServedModel` and `work`
   */
  async use<T>(
    { backend: choice, precision: wanted, server }: Placement,
    selection: NetworkSelection,
    options: NetworkOptions,
    work: Work<T>,
  ): Promise<T> {
    if (server) return useServer(server, selection, options, work);
    await this.endStartAhead();
    clearTimeout(this.timer);
    const precision = bundlePrecision(selection.bundle.manifest, wanted);
    let chosen = await chooseBackend(this.backends, choice, precision);
    try {
      for (;;) {
        try {
          options.onBackend?.(chosen.settings);
          return await work(await this.start(chosen, selection, options), chosen.settings);
        } catch (thrown) {
          if (!(thrown instanceof SynthesisError && thrown.code === 'cancelled')) await this.releaseStarted();
          const { backend, others } = chosen;
          const reason = backend.id !== choice && others.length > 0 && backendFailure(thrown);
          if (!reason) throw thrown;
          chosen = await chooseBackend(others, 'auto', precision, processor =>
            message('provider/fell-back', { reason, processor }),
          );
        }
      }
    } finally {
      this.releaseWhenIdle();
    }
  }

  /**
   * Starts networks that a job will use, one after another, until the first `use`: it waits for the one that
   * is being started. A failure is left to `use`, which tries again.
   */
  startAhead({ backend, precision: wanted }: Placement, selections: readonly NetworkSelection[]): void {
    let stopped = false;
    const start = async (): Promise<void> => {
      clearTimeout(this.timer);
      for (const { bundle, names } of selections) {
        const precision = bundlePrecision(bundle.manifest, wanted);
        const chosen = await chooseBackend(this.backends, backend, precision);
        for (const name of names) {
          if (stopped) return;
          await this.start(chosen, { bundle, names: [name] }, {});
        }
      }
    };
    const ended = this.endStartAhead()
      .then(start)
      .catch(() => {})
      .then(() => this.releaseWhenIdle());
    this.ahead = { ended, stop: () => (stopped = true) };
  }

  /** Ends all networks; the next job starts them again. */
  async release(): Promise<void> {
    await this.endStartAhead();
    await this.releaseStarted();
  }

  private async endStartAhead(): Promise<void> {
    this.ahead?.stop();
    await this.ahead?.ended;
  }

  private releaseWhenIdle(): void {
    clearTimeout(this.timer);
    if (this.idle) this.timer = setTimeout(() => this.release(), this.idle);
  }

  private async releaseStarted(): Promise<void> {
    clearTimeout(this.timer);
    const networks = [...this.started.values()];
    this.started.clear();
    for (const network of networks) await network.release().catch(() => {});
  }

  /** Starts the networks that are not started yet, and tests these where the backend needs it. */
  private async start(
    { backend, settings }: Chosen,
    { bundle, names }: NetworkSelection,
    options: StepOptions,
  ): Promise<NetworkByName> {
    const place = `${backend.id} ${settings.threads ?? ''}`;
    const key = (name: string) => `${place} ${settings.precision} ${bundle.sha256} ${name}`;
    const missing = [{ bundle, names: names.filter(name => !this.started.has(key(name))) }];
    const models = await loadNetworks(missing, graphsFor(settings), { ...this.source, ...options });
    const runtime = this.runtimes.get(place) ?? backend.start(settings);
    this.runtimes.set(place, runtime);
    runtime.catch(() => this.runtimes.delete(place));
    for (const [name, model] of models) this.started.set(key(name), await (await runtime).load(name, model));
    if (models.size > 0) options.onStep?.({ stage: 'download', done: 1, of: 1 });
    const network = (name: string) => this.started.get(key(name))!;
    if (backend.selfTest) {
      try {
        await selfTest(missing, settings.precision, network, options.onStep, options.signal);
      } catch (thrown) {
        // Cancelled too: a network that was not tested must not wait for the next job.
        await this.releaseStarted();
        throw thrown;
      }
    }
    return network;
  }
}

async function useServer<T>(
  place: ServerPlace,
  { bundle }: NetworkSelection,
  { signal, onBackend }: NetworkOptions,
  work: Work<T>,
): Promise<T> {
  const { record, ...model } = await openServedModel(place, bundle, signal);
  const settings: BackendSettings = {
    runtime: 'open-inference-protocol',
    provider: 'server',
    precision: 'fp32',
    server: record,
    text: message('server/runs', { host: hostOf(place) }),
  };
  onBackend?.(settings);
  const network: NetworkByName = name => {
    throw new RangeError(`The network ${name} is on the server.`);
  };
  return work(network, settings, model);
}

/** Message about a failure of the backend itself; undefined for other errors. */
function backendFailure(thrown: unknown): Message | undefined {
  if (!(thrown instanceof SynthesisError)) return undefined;
  if (thrown.code === 'self-test-failed') return thrown.text;
  return thrown.code === 'inference-failed' ? message('provider/gpu-failed') : undefined;
}
