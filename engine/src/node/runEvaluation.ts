import { readFile, writeFile } from 'node:fs/promises';
import { endianness } from 'node:os';
import { mat4 } from 'gl-matrix';
import { Networks } from '../backends/Networks';
import { nodeBackends } from '../backends/node';
import type { BaseManifest } from '../bundle/fields';
import { bundlePrecision } from '../bundle/loadBundle';
import { domainOf } from '../domains';
import type { RoleId } from '../domains/Role';
import { asSynthesisError, SynthesisError } from '../errors';
import { completeOptions, completeTargets, type Model, openModel } from '../models';
import { type Step, stageName, stageNames, stepsOf } from '../progress';
import { type Mask, onSlices } from '../volume/Mask';
import { maskedMean } from '../volume/statistics';
import type { Volume } from '../volume/Volume';
import { folderReader } from './bundleFolder';
import type { EvaluationJob } from './evaluationJobs';
import { StageClock } from './StageClock';

/** Report of a job, one JSON object per line; includes its options. */
export interface EvaluationReport extends Omit<EvaluationJob, 'input' | 'brain' | 'options' | 'slices'> {
  slices: number;
  /** `read`: the volumes; `download`: starting the networks it is the first to need; `finish`: writing. */
  seconds: Record<string, number>;
  /** Mean over the region, normalized units, per target; where the uncertainty was wanted. */
  meanSpread: Partial<Record<RoleId, number>>;
}

/**
 * Runs jobs one after the other; starts networks once per bundle, precision, provider and number of threads.
 * @throws SynthesisError with one text that names the file
 */
export async function runEvaluation(
  jobs: readonly EvaluationJob[],
  onReport: (report: EvaluationReport) => void,
): Promise<void> {
  const models = new Map<string, Model>();
  const places = new Map<number | undefined, Networks>();
  try {
    for (const job of jobs) {
      const { bundle, threads } = job;
      const model = models.get(bundle) ?? (await openModel(bundle, folderReader(bundle)));
      models.set(bundle, model);
      const networks = places.get(threads) ?? new Networks(nodeBackends(threads), { reader: folderReader });
      places.set(threads, networks);
      onReport(await runEvaluationJob(job, model, networks));
    }
  } finally {
    for (const networks of places.values()) await networks.release();
  }
}

async function runEvaluationJob(
  job: EvaluationJob,
  model: Model,
  networks: Networks,
): Promise<EvaluationReport> {
  const clock = new StageClock();
  const { manifest, method } = model;
  const brain = new Uint8Array(await bytesOf(job.brain));
  const truth = stackOf(await bytesOf(job.input.file), brain, job, manifest);
  const [, depth, rows, columns] = job.input.dims;
  const region = onSlices(brain, job.slices ?? Array.from({ length: depth }, (_, k) => k), rows * columns);
  clock.lap('read');
  const { sources, targets, seed } = job;
  const options = completeOptions(model, job.options);
  const placement = { backend: job.provider, precision: job.precision };
  const completed = completeTargets(
    model,
    targets.map(id => ({ id })),
  );
  const wanted = { bundle: model, names: method.networks(manifest, sources, completed, options) };
  const onStep = (step: Step) => clock.lap(stageName(step));
  const made = await networks.use(placement, wanted, { onStep }, network =>
    method.run({
      manifest,
      network,
      sources: new Map(sources.map(role => [role, truth.get(role)!] as const)),
      region,
      targets: completed,
      options,
      seed,
      truth,
      onStep: stepsOf(method.stages, onStep),
    }),
  );
  const volumes = targets.map((target): Record<string, Volume> => {
    const { mean, uncertainty } = made.get(target)!;
    if (!job.uncertainty) return { mean };
    const { spread, more } = uncertainty();
    return { mean, spread, ...more };
  });
  const ofAll = Object.keys(volumes[0]).filter(kind => volumes.every(of => kind in of));
  for (const kind of ofAll) {
    await writeFloats(
      `${job.output}.${kind}.f32`,
      volumes.map(of => of[kind].data),
    );
  }
  clock.lap('finish');
  const { input, brain: _, options: given, slices: __, ...told } = job;
  return {
    ...given,
    ...told,
    precision: bundlePrecision(manifest, job.precision),
    slices: input.dims[1],
    seconds: clock.seconds(stageNames(method.stages, domainOf(manifest.domain).region.id)),
    meanSpread: Object.fromEntries(
      volumes.flatMap(({ spread }, n) => (spread ? [[targets[n], maskedMean(spread.data, region)]] : [])),
    ),
  };
}

/** The input's volumes by role, 0 outside the region. */
function stackOf(
  bytes: ArrayBuffer,
  region: Mask,
  { input }: EvaluationJob,
  { roles, grid }: BaseManifest,
): Map<RoleId, Volume> {
  const refuse = (what: string) =>
    new SynthesisError('configuration-invalid', `The job on ${input.file} ${what}.`);
  const [channels, depth, rows, columns] = input.dims;
  const voxels = depth * rows * columns;
  const wanted = [roles.length, depth, ...grid.size];
  if (String(wanted) !== String(input.dims)) {
    throw refuse(`has dims ${input.dims.join(' x ')}, but its bundle wants ${wanted.join(' x ')}`);
  }
  if (bytes.byteLength !== 4 * channels * voxels) throw refuse('does not have as many bytes as its dims say');
  if (region.length !== voxels) throw refuse('has a mask of another size');
  const values = new Float32Array(bytes);
  return new Map(
    roles.map((role, c) => [
      role,
      {
        dims: [columns, rows, depth],
        indexToWorld: mat4.fromScaling(mat4.create(), grid.spacing),
        data: values.slice(c * voxels, (c + 1) * voxels).map((v, i) => (region[i] ? v : 0)),
      },
    ]),
  );
}

async function bytesOf(file: string): Promise<ArrayBuffer> {
  try {
    const { buffer, byteOffset, byteLength } = await readFile(file);
    return buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;
  } catch (thrown) {
    throw asSynthesisError(thrown, 'source-unreadable', `The file ${file} cannot be read.`);
  }
}

async function writeFloats(file: string, parts: readonly Float32Array[]): Promise<void> {
  if (endianness() !== 'LE') throw new RangeError('Float files are little endian.');
  try {
    await writeFile(file, Buffer.concat(parts.map(p => Buffer.from(p.buffer, p.byteOffset, p.byteLength))));
  } catch (thrown) {
    throw asSynthesisError(thrown, 'output-unwritable', `The file ${file} cannot be written.`);
  }
}
