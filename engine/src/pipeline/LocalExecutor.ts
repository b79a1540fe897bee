import type { BackendSettings } from '../backends/Backend';
import type { NetworkByName, Networks, Placement } from '../backends/Networks';
import type { NetworkSelection } from '../bundle/loadBundle';
import { storedImage } from '../dicom/storedImage';
import { describeStack } from '../distribution/describeStack';
import { domainOf } from '../domains';
import type { Region } from '../domains/Region';
import type { RoleId } from '../domains/Role';
import { hostOf, openServedModel } from '../inference/oip/openServedModel';
import type { ServedModel } from '../inference/ServedModel';
import { TimedNetwork } from '../inference/TimedNetwork';
import { message } from '../messages';
import { METHODS } from '../methods';
import { methodOf } from '../models';
import { applyRegistration, registrationRecords } from '../registration/Alignment';
import { align } from '../registration/align';
import { sha256 } from '../sha256';
import type { Volume } from '../volume/Volume';
import type {
  AcquiredSources,
  Alignments,
  Executor,
  OpenJob,
  RegionOutcome,
  RunOptions,
  SynthesisInput,
} from './Executor';
import { LastOutcome } from './LastOutcome';
import { type Prepared, prepare } from './prepare';
import { remakeSources } from './remakeSources';
import { type Synthesis, synthesize } from './synthesize';

/** Where a method's networks run, here or on a server, and what a record says of it. */
interface Place {
  network: NetworkByName;
  server?: ServedModel;
  settings: BackendSettings;
}

const onServer: NetworkByName = name => {
  throw new RangeError(`The network ${name} is on the server.`);
};

/** Runs jobs in this thread. The next job with the same sources uses their registration and region. */
export class LocalExecutor implements Executor {
  private readonly alignments = new LastOutcome<Alignments>();
  private readonly regions = new LastOutcome<RegionOutcome>();

  constructor(
    private readonly networks: Networks,
    private readonly methods = METHODS,
  ) {}

  startNetworks(wanted: readonly NetworkSelection[], placement: Placement): void {
    this.networks.startAhead(placement, wanted);
  }

  async open({ sources, reference, domain }: AcquiredSources): Promise<OpenJob> {
    const { networks, methods, alignments, regions } = this;
    const { region: finder, registration, windows } = domainOf(domain);
    let volumes: ReadonlyMap<RoleId, Volume> = sources;
    let region: Region | undefined;
    let made: ReadonlyMap<RoleId, Synthesis> = new Map();
    let ready: { sha256: string; prepared: Prepared } | undefined;
    let hashed: Promise<ReadonlyMap<RoleId, string>> | undefined;
    const checksums = () => {
      hashed ??= checksumsOf(sources);
      return hashed;
    };
    /** Of the sources where they lie now. */
    const identity = async (): Promise<string> => {
      const sums = await checksums();
      const placed = [...volumes].map(([role, { dims, indexToWorld }]) => {
        return [role, sums.get(role), dims, [...indexToWorld]];
      });
      return JSON.stringify([domain, reference, placed]);
    };
    const found = (): Region => {
      if (!region) throw new RangeError('The region is found before anything is synthesized.');
      return region;
    };
    return {
      checksums,
      async align(_, { onStep, signal }) {
        const aligned = await alignments.of(await identity(), () =>
          align(volumes, reference, registration, onStep, signal),
        );
        volumes = applyRegistration(volumes, registrationRecords(aligned));
        return aligned;
      },
      async register(records) {
        volumes = applyRegistration(volumes, records);
      },
      async findRegion({ bundle, backend, precision }, { onStep, ...run }) {
        const placement = { backend, precision };
        const { manifest, sha256 } = bundle;
        const names = finder.networks;
        const key = JSON.stringify([await identity(), sha256, placement]);
        const outcome = await regions.of(key, () =>
          // Its one network is small: loading and testing it is no stage.
          networks.use(placement, { bundle, names }, run, async network => {
            const timed = new TimedNetwork(network(names[0]));
            const { signal } = run;
            const found = await finder.find(volumes, reference, manifest, () => timed, { onStep, signal });
            return { found, flopsPerSecond: manifest.networks[names[0]].flops / timed.seconds() };
          }),
        );
        region = outcome.found;
        return outcome;
      },
      async describe({ bundle: { manifest, sha256 } }, { signal }) {
        const prepared = await prepare(volumes, reference, found(), manifest, { signal });
        ready = { sha256, prepared };
        return describeStack(prepared.sources, prepared.region, found());
      },
      synthesize: (input, run) => {
        const { bundle, targets, options, seed } = input;
        const model = { manifest: bundle.manifest, method: methodOf(bundle.manifest, methods) };
        const names = model.method.networks(bundle.manifest, [...volumes.keys()], targets, options);
        const prepared = ready?.sha256 === bundle.sha256 ? ready.prepared : undefined;
        // A later synthesis prepares for itself: the stack is large.
        ready = undefined;
        const request = { targets, options, seed, sources: volumes, reference, region: found(), prepared };
        return this.use(input, names, run, async ({ network, server, settings }) => {
          const job = { ...request, server };
          made = await synthesize(job, model, network, run.onStep, run.signal);
          const images = targets.map(target => {
            return { ...target, ...storedImage(made.get(target.id)!.volume, windows[target.id]) };
          });
          return { images, settings };
        });
      },
      remakeSources: (input, run) => {
        const { bundle, targets, options, seed } = input;
        const model = { manifest: bundle.manifest, method: methodOf(bundle.manifest, methods) };
        const roles = [...volumes.keys()];
        const names = targets.flatMap(target => {
          const others = roles.filter(role => role !== target.id);
          return model.method.networks(bundle.manifest, others, [target], options);
        });
        const request = { targets, options, seed, sources: volumes, reference, region: found() };
        return this.use(input, [...new Set(names)], run, async ({ network, server, settings }) => {
          const job = { ...request, server };
          return { remade: await remakeSources(job, model, network, run.onStep, run.signal), settings };
        });
      },
      async errors() {
        return new Map([...made].map(([target, { errors }]) => [target, errors()] as const));
      },
      close() {
        volumes = new Map();
        made = new Map();
        region = undefined;
        ready = undefined;
      },
    };
  }

  /** Runs `work` with networks of a bundle here, or with the bundle on the server of the input. */
  private async use<T>(
    { bundle, backend, precision, server }: SynthesisInput,
    names: readonly string[],
    run: RunOptions,
    work: (place: Place) => Promise<T>,
  ): Promise<T> {
    if (!server || !methodOf(bundle.manifest, this.methods).served) {
      const placement = { backend, precision };
      return this.networks.use(placement, { bundle, names }, run, (network, settings) =>
        work({ network, settings }),
      );
    }
    const { record, ...model } = await openServedModel(server, bundle, run.signal);
    const settings: BackendSettings = {
      runtime: 'open-inference-protocol',
      provider: 'server',
      precision: 'fp32',
      server: record,
      text: message('server/runs', { host: hostOf(server) }),
    };
    run.onBackend?.(settings);
    return work({ network: onServer, server: model, settings });
  }

  release(): Promise<void> {
    this.alignments.forget();
    this.regions.forget();
    return this.networks.release();
  }
}

/** SHA-256 of each source's values. */
async function checksumsOf(sources: ReadonlyMap<RoleId, Volume>): Promise<ReadonlyMap<RoleId, string>> {
  const hashed = [...sources].map(async ([role, { data }]) => {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    return [role, await sha256(bytes)] as const;
  });
  return new Map(await Promise.all(hashed));
}
