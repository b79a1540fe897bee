import { bundlePrecision } from '../bundle/loadBundle';
import type { Derivation } from '../dicom/record';
import type { Tell } from '../domains/Told';
import { METHODS } from '../methods';
import type { Target } from '../methods/Method';
import { bundleName, completeOptions, completeTargets, modelRecord, openModels } from '../models';
import type { Options } from './arguments';
import { bundleFolder, folderReader } from './bundleFolder';

/** What a job is made with, as its record will say. */
export interface JobModel extends Pick<Derivation, 'bundle' | 'region' | 'method' | 'precision'> {
  /**
   * Targets with every parameter.
   * @param tell what a study tells of a parameter; nothing by default
   * @throws SynthesisError as `completeTargets`
   */
  complete(targets: readonly Target[], tell?: Tell): Target[];
}

/**
 * The bundles and complete settings of a job that has no study yet.
 * @throws SynthesisError as `openModels` and `completeOptions`
 */
export async function jobModel(
  options: Pick<Options, 'bundle' | 'regionBundle' | 'settings' | 'precision'>,
  methods = METHODS,
): Promise<JobModel> {
  const folders = {
    bundle: bundleFolder('bundle', options.bundle),
    regionBundle: bundleFolder('brain-bundle', options.regionBundle),
  };
  const { synthesis, region } = await openModels(folders, folderReader, undefined, methods);
  return {
    ...modelRecord(synthesis, completeOptions(synthesis, options.settings)),
    region: bundleName(region),
    complete: (targets, tell) => completeTargets(synthesis, targets, tell),
    precision: bundlePrecision(synthesis.manifest, options.precision),
  };
}
