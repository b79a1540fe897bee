import type { Networks, Placement } from '../backends/Networks';
import type { NetworkSelection } from '../bundle/loadBundle';
import { storedImage } from '../dicom/storedImage';
import { describeStack } from '../distribution/describeStack';
import { domainOf } from '../domains';
import type { Region } from '../domains/Region';
import type { RoleId } from '../domains/Role';
import { TimedNetwork } from '../inference/TimedNetwork';
import { METHODS } from '../methods';
import { type Model, methodOf } from '../models';
import { applyRegistration, registrationRecords } from '../registration/Alignment';
import { align } from '../registration/align';
import { sha256 } from '../sha256';
import type { Volume } from '../volume/Volume';
import type { AcquiredSources, Alignments, Executor, OpenJob, RegionOutcome } from './Executor';
import { LastOutcome } from './LastOutcome';
import { type Prepared, prepare } from './prepare';
import { remakeSources } from './remakeSources';
import { type Synthesis, synthesize } from './synthesize';

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
      synthesize({ bundle, targets, options, seed, slices, ...placement }, run) {
        const model = { manifest: bundle.manifest, method: methodOf(bundle.manifest, methods) };
        const names = model.method.networks(bundle.manifest, [...volumes.keys()], targets, options);
        const prepared = ready?.sha256 === bundle.sha256 ? ready.prepared : undefined;
        // A later synthesis prepares for itself: the stack is large.
        ready = undefined;
        const job = {
          targets,
          options,
          seed,
          slices,
          sources: volumes,
          reference,
          region: found(),
          prepared,
        };
        const wanted = { bundle, names };
        return networks.use(placeFor(model, placement), wanted, run, async (network, settings, server) => {
          made = await synthesize({ ...job, server }, model, network, run.onStep, run.signal);
          const images = targets.map(target => {
            const { volume, lesions } = made.get(target.id)!;
            return { ...target, ...storedImage(volume, windows[target.id]), lesions };
          });
          return { images, settings };
        });
      },
      remakeSources({ bundle, targets, options, seed, ...placement }, run) {
        const model = { manifest: bundle.manifest, method: methodOf(bundle.manifest, methods) };
        const roles = [...volumes.keys()];
        const names = targets.flatMap(target => {
          const others = roles.filter(role => role !== target.id);
          return model.method.networks(bundle.manifest, others, [target], options);
        });
        const job = { targets, options, seed, sources: volumes, reference, region: found() };
        const wanted = { bundle, names: [...new Set(names)] };
        return networks.use(placeFor(model, placement), wanted, run, async (network, settings, server) => {
          const remade = await remakeSources({ ...job, server }, model, network, run.onStep, run.signal);
          return { remade, settings };
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

  release(): Promise<void> {
    this.alignments.forget();
    this.regions.forget();
    return this.networks.release();
  }
}

/** A server runs only methods that it can run. */
function placeFor({ method }: Pick<Model, 'method'>, { server, ...here }: Placement): Placement {
  return method.served ? { ...here, server } : here;
}

/** SHA-256 of each source's values. */
async function checksumsOf(sources: ReadonlyMap<RoleId, Volume>): Promise<ReadonlyMap<RoleId, string>> {
  const hashed = [...sources].map(async ([role, { data }]) => {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    return [role, await sha256(bytes)] as const;
  });
  return new Map(await Promise.all(hashed));
}
