import { bundlePrecision } from '../bundle/loadBundle';
import type { Derivation } from '../dicom/record';
import { roleLabel } from '../domains/Role';
import { SynthesisError } from '../errors';
import { message } from '../messages';
import { METHODS } from '../methods';
import type { Target } from '../methods/Method';
import { bundleName, completeOptions, completeTargets, type Model, modelRecord, openModels } from '../models';
import type { Options } from './arguments';
import { bundleFolder, folderReader } from './bundleFolder';

/** What a job is made with, as its record will say. */
export interface JobModel extends Pick<Derivation, 'bundle' | 'region' | 'method' | 'precision'> {
  /** With every parameter. */
  targets: Target[];
}

/**
 * The bundles and complete settings of a job that has no study yet. A fact of the study must be set for it: no
 * default is right for all.
 * @throws SynthesisError as `openModels`, `completeOptions` and `completeTargets`
 */
export async function jobModel(
  options: Pick<Options, 'bundle' | 'regionBundle' | 'targets' | 'settings' | 'precision'>,
  methods = METHODS,
): Promise<JobModel> {
  const folders = {
    bundle: bundleFolder('bundle', options.bundle),
    regionBundle: bundleFolder('brain-bundle', options.regionBundle),
  };
  const { synthesis, region } = await openModels(folders, folderReader, undefined, methods);
  refuseUntold(synthesis, options.targets);
  return {
    ...modelRecord(synthesis, completeOptions(synthesis, options.settings)),
    region: bundleName(region),
    targets: completeTargets(synthesis, options.targets),
    precision: bundlePrecision(synthesis.manifest, options.precision),
  };
}

function refuseUntold({ manifest, method }: Model, targets: readonly Target[]): void {
  for (const { id, parameters = {} } of targets) {
    const declared = Object.entries(method.parameters?.(manifest, id) ?? {});
    const [name] = declared.find(([name, { ofStudy }]) => ofStudy && !(name in parameters)) ?? [];
    if (!name) continue;
    const text = message('options/untold-parameter', { target: roleLabel(id), name: `${id}:${name}` });
    throw new SynthesisError('plan-invalid', text);
  }
}
