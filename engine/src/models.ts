import * as z from 'zod/mini';
import type { BaseManifest } from './bundle/fields';
import {
  type Bundle,
  type BundleReader,
  type NetworkSelection,
  openBundle,
  type ReadFile,
} from './bundle/loadBundle';
import type { BundleName, Derivation } from './dicom/record';
import { domainOf, inDomain, planningDomain } from './domains';
import type { Domain, Site } from './domains/Domain';
import { type RoleId, roleLabel } from './domains/Role';
import type { Tell, Told } from './domains/Told';
import { SynthesisError } from './errors';
import { list, message } from './messages';
import { METHODS } from './methods';
import type { Detail, Method, Options, Target, TargetParameters } from './methods/Method';

/** A bundle for synthesis, with its method. */
export interface Model extends Bundle<BaseManifest> {
  method: Method;
}

/** Bundles of a job: the one that finds the region, and the one that synthesizes. */
export interface Models {
  region: Bundle;
  synthesis: Model;
}

/**
 * Reads and checks the descriptions of both bundles.
 * @throws SynthesisError `bundle-unreachable`, `bundle-invalid` or `cancelled`
 */
export async function openModels(
  where: { bundle: string; regionBundle: string },
  reader: BundleReader,
  signal?: AbortSignal,
  methods = METHODS,
): Promise<Models> {
  const { bundle, regionBundle } = where;
  const synthesis = await openModel(bundle, reader(bundle), signal, methods);
  const { manifest } = domainOf(synthesis.manifest.domain).region;
  return { region: await openBundle(manifest, regionBundle, reader(regionBundle), signal), synthesis };
}

/**
 * Reads and checks the description of a bundle of any of the methods.
 * @throws SynthesisError `bundle-unreachable`, `bundle-invalid` or `cancelled`
 */
export async function openModel(
  where: string,
  read: ReadFile,
  signal?: AbortSignal,
  methods = METHODS,
): Promise<Model> {
  const [first, ...others] = methods.map(({ manifest }) => manifest);
  const schema = inDomain(z.discriminatedUnion('method', [first, ...others]));
  const bundle = await openBundle(schema, where, read, signal);
  return { ...bundle, method: methodOf(bundle.manifest, methods) };
}

/** The method of a bundle that was opened. */
export function methodOf({ method }: Pick<BaseManifest, 'method'>, methods = METHODS): Method {
  const found = methods.find(({ id }) => id === method);
  if (!found) throw new RangeError(`There is no method ${method}.`);
  return found;
}

/**
 * All options of a job: the given ones, otherwise those of the bundle.
 * @throws SynthesisError `configuration-invalid`, naming the first bad option
 */
export function completeOptions({ manifest, method }: Model, given: Options = {}): Options {
  const { data, error } = method.options.safeParse({ ...method.defaults(manifest), ...given });
  if (data) return data;
  const [{ path, message: reason }] = error.issues;
  const what = { model: manifest.name, path: path.join('.') || message('options/whole'), reason };
  throw new SynthesisError('configuration-invalid', message('options/invalid', what));
}

/**
 * Targets with every parameter: those given, else what the sources tell, else the method's defaults.
 * @param tell see `Domain.told`
 * @throws SynthesisError `plan-invalid`, naming the first that the method does not know or that is out of
 *   range
 */
export function completeTargets(
  { manifest, method }: Model,
  targets: readonly Target[],
  tell: Tell = () => undefined,
): Target[] {
  return targets.map(({ id, parameters = {} }) => {
    const declared = method.parameters?.(manifest, id) ?? {};
    const bad = Object.entries(parameters).find(([name, value]) => {
      const { min, max } = declared[name] ?? { min: Number.NaN, max: Number.NaN };
      return !(value >= min && value <= max);
    });
    if (bad) {
      throw new SynthesisError(
        'plan-invalid',
        message('options/bad-parameter', {
          model: manifest.name,
          target: roleLabel(id),
          name: bad[0],
          value: bad[1],
        }),
      );
    }
    const values = valuesOf(parametersOf(declared, parameters, tell));
    return Object.keys(values).length > 0 ? { id, parameters: values } : { id };
  });
}

/** A parameter of a target with its value. */
export interface ParameterValue {
  name: string;
  parameter: TargetParameters[string];
  value: number;
  /** What the headers tell of it, where they may. */
  told?: Told;
}

/** Every parameter: as it is set, else as it is told within its bounds, else its default. */
export function parametersOf(
  declared: TargetParameters,
  set: Readonly<Record<string, number>>,
  tell: Tell,
): ParameterValue[] {
  return Object.entries(declared).map(([name, parameter]) => {
    const told = tell(name);
    const value = told?.value ?? Number.NaN;
    const believed = value >= parameter.min && value <= parameter.max ? value : parameter.default;
    return { name, parameter, value: set[name] ?? believed, told };
  });
}

export function valuesOf(parameters: readonly ParameterValue[]): Record<string, number> {
  return Object.fromEntries(parameters.map(({ name, value }) => [name, value]));
}

/** Details for the user on how a target was made. */
export function detailsOf(
  { manifest, method }: Model,
  target: Target,
  options: Options,
  seed: number,
): Detail[] {
  const declared = Object.entries(method.parameters?.(manifest, target.id) ?? {});
  return [
    ...method.details(options, seed, target),
    ...declared.map(([name, { label, unit }]): Detail => {
      const value = target.parameters?.[name] ?? '';
      return [label, list(unit ? [value, unit] : [value])];
    }),
  ];
}

/** The domain as a plan for a model sees it; see `planningDomain`. */
export function domainOfModel({ manifest, method }: Model, site?: Site): Domain {
  return planningDomain({ ...manifest, makes: method.makes?.(manifest) }, site);
}

/** The networks of either bundle that a job of these sources and targets needs. */
export function requiredNetworks(
  { region, synthesis }: Models,
  sources: readonly RoleId[],
  targets: readonly Target[],
  options: Options,
): { region: NetworkSelection; synthesis: NetworkSelection } {
  // Without the method: a bundle is plain data, which may go to a worker.
  const { method, ...bundle } = synthesis;
  const { manifest } = bundle;
  return {
    region: { bundle: region, names: domainOf(manifest.domain).region.networks },
    synthesis: { bundle, names: method.networks(manifest, sources, targets, options) },
  };
}

/** Provenance of the model of a job. */
export function modelRecord(model: Model, options: Options): Pick<Derivation, 'bundle' | 'method'> {
  return { bundle: bundleName(model), method: { id: model.method.id, options } };
}

/** Provenance of a bundle. */
export function bundleName({ manifest: { id, version, name }, sha256 }: Bundle): BundleName {
  return { id, version, name, sha256 };
}
