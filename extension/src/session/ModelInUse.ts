import {
  asSynthesisError,
  type Domain,
  domainOfModel,
  hostOf,
  isMessage,
  type Message,
  type ModelCard,
  type ModelLookUp,
  planningDomain,
  type RoleId,
  type ServerFacts,
  type ServerPlace,
  type TargetDeclaration,
  type TargetParameters,
} from '@modality-synthesis/engine';
import { message } from '../i18n/message';
import type { Configuration } from './configuration';
import { modelAddresses, modelPlace, serverPlace } from './endpoints';
import type { Assets, EnginePort } from './ViewerPort';

/** A model that a reader may choose. */
export interface OfferedModel {
  address: string;
  /** Absent where its description cannot be read. */
  card?: ModelCard & { name: string };
}

/**
 * The model of the next job: which of those that the site offers a person chose, what its description
 * says, and whether it runs here or on the site's server.
 */
export class ModelInUse {
  private lookedUp: ModelLookUp | Message | undefined;
  /** Address of the model that a person chose. */
  private chosen: string | undefined;
  private offered: readonly OfferedModel[] = [];
  private offering: Promise<void> | undefined;
  private lookingUp: Promise<void> | undefined;
  /** A person chose this machine instead of the site's server. */
  private here = false;

  /** @param onChange called after each look-up */
  constructor(
    private readonly engine: EnginePort,
    private readonly assets: Assets,
    private readonly configuration: () => Configuration,
    private readonly onChange: () => void,
  ) {}

  /** What the last look-up found, or why there is no model; undefined before the first. */
  get found(): ModelLookUp | Message | undefined {
    return this.lookedUp;
  }

  /** The model; undefined while it is unknown or unusable. */
  get usable(): ModelLookUp | undefined {
    return isMessage(this.found) ? undefined : this.found;
  }

  /** Name and card of the model; null while it is unknown or unusable. */
  get card(): { name: string; card: ModelCard } | null {
    const manifest = this.usable?.models.synthesis.manifest;
    return manifest ? { name: `${manifest.name} ${manifest.version}`, card: cardOf(manifest) } : null;
  }

  /** The models that the site offers, and the address of the one in use; null where it offers one alone. */
  get choice(): { models: readonly OfferedModel[]; chosen: string } | null {
    const { site, offered } = this;
    return site && offered.length > 1 ? { models: offered, chosen: this.addressIn(site) } : null;
  }

  /** Uses another of the models. */
  async choose(address: string): Promise<void> {
    await this.lookingUp;
    this.chosen = address;
    this.lookedUp = undefined;
    await this.lookUpAgain();
  }

  /** Where the networks of the next job run if not here. */
  get server(): ServerPlace | undefined {
    const served = this.usable?.models.synthesis.method.served;
    return served && !this.here ? this.configuredServer : undefined;
  }

  /** The site's server, if the model can run there, and whether it does. */
  get serverChoice(): { host: string; here: boolean } | null {
    const place = this.configuredServer;
    if (!place || !this.usable?.models.synthesis.method.served) return null;
    return { host: hostOf(place), here: this.here };
  }

  /** Chooses this machine instead of the site's server, or the server again. */
  chooseHere(here: boolean): void {
    this.here = here;
  }

  /** That of the model, with its roles; while it is unknown the first there is. */
  get domain(): Domain {
    const { usable, site } = this;
    return usable ? domainOfModel(usable.models.synthesis, site) : planningDomain(undefined, site);
  }

  /** Looks up the model unless it is known. */
  lookUp(): Promise<void> {
    return this.found === undefined ? this.lookUpAgain() : Promise.resolve();
  }

  /**
   * Looks up the model and which networks are kept; done after each job.
   * @param fresh after a failed job: reads the descriptions again, because the bundle may have been replaced
   */
  lookUpAgain(fresh = false): Promise<void> {
    this.lookingUp ??= this.readModel(fresh).finally(() => {
      this.lookingUp = undefined;
      this.onChange();
    });
    return this.lookingUp;
  }

  /** Waits for a look-up under way; looks up again where there is no usable model. */
  async ready(): Promise<void> {
    await this.lookingUp;
    // A model chosen while another was looked up, or one that could not be read.
    if (!this.usable) await this.lookUpAgain();
  }

  /** Parameters of a target that a user can choose; empty while the model is unknown. */
  parameters(target: RoleId): TargetParameters {
    if (!this.usable) return {};
    const { method, manifest } = this.usable.models.synthesis;
    return method.parameters?.(manifest, target) ?? {};
  }

  /** What the model says of a target that is not for every use. */
  declared(target: RoleId): TargetDeclaration | undefined {
    return this.usable?.models.synthesis.manifest.targets?.[target];
  }

  /** What the checks must know of the site's server; undefined where there is none. */
  get serverFacts(): ServerFacts | undefined {
    const { site, here, configuredServer: place } = this;
    return place && { host: hostOf(place), here, consented: site?.server?.consent ?? false };
  }

  private async readModel(fresh: boolean): Promise<void> {
    try {
      const site = this.configuration();
      this.offering ??= this.readOffered(site);
      const address = this.addressIn(site);
      const place = modelPlace(site, this.assets, address);
      const found = await this.engine.lookUp(fresh ? { ...place, fresh } : place);
      this.lookedUp = found;
      // It may not have been readable when the page opened.
      this.offered = this.offered.map(one => (one.address === address ? offer(address, found) : one));
    } catch (thrown) {
      const error = asSynthesisError(thrown, 'bundle-invalid', message('model/failed'));
      if (error !== thrown) console.error('[modality-synthesis]', thrown);
      // A model that was there is still kept on this machine where the network is gone.
      if (!this.usable || error.code !== 'bundle-unreachable') this.lookedUp = error.text;
    }
  }

  private addressIn(site: Configuration): string {
    const addresses = modelAddresses(site, this.assets);
    return addresses.find(one => one === this.chosen) ?? addresses[0];
  }

  /** Asks the models what they are; the one that is used does not wait for it. One alone is not offered. */
  private async readOffered(site: Configuration): Promise<void> {
    const addresses = modelAddresses(site, this.assets);
    if (addresses.length === 1) return;
    const read = async (address: string): Promise<OfferedModel> => {
      try {
        return offer(address, await this.engine.lookUp(modelPlace(site, this.assets, address)));
      } catch {
        // Chosen, it says why in the checks.
        return { address };
      }
    };
    this.offered = await Promise.all(addresses.map(read));
    this.onChange();
  }

  /** Undefined for an invalid configuration, which is told where a job starts. */
  private get site(): Configuration | undefined {
    try {
      return this.configuration();
    } catch {
      return undefined;
    }
  }

  private get configuredServer(): ServerPlace | undefined {
    const { site } = this;
    return site && serverPlace(site);
  }
}

/** What a manifest says of the model's use. */
export function cardOf({ intended_use, not_for, limitations }: ModelCard): ModelCard {
  return { intended_use, not_for, limitations };
}

function offer(address: string, { models }: ModelLookUp): OfferedModel {
  const { manifest } = models.synthesis;
  return { address, card: { ...cardOf(manifest), name: manifest.name } };
}
