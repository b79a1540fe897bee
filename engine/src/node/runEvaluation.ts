import { readFile, writeFile } from 'node:fs/promises';
import { endianness } from 'node:os';
import { mat4 } from 'gl-matrix';
import { bundlePrecision } from '../bundle/loadBundle';
import type { CdmManifest } from '../bundle/manifest';
import type { CdmJob } from '../cdm/CdmJob';
import { encodeTokens } from '../cdm/encode';
import { cdmNetworks, synthesizeCdm } from '../cdm/synthesizeCdm';
import type { Contrast } from '../contrast/Contrast';
import { asSynthesisError, SynthesisError } from '../errors';
import type { Stage } from '../progress';
import type { Mask } from '../volume/Mask';
import { maskedMean } from '../volume/statistics';
import type { Volume } from '../volume/Volume';
import type { EvaluationJob } from './evaluationJobs';
import { SessionCache } from './SessionCache';
import { StageClock } from './StageClock';

/** What is written of each job. */
const VOLUMES = ['mean', 'spread', 'deviation', 'scale'] as const;

/** What is printed of each job, one JSON object a line. */
export interface EvaluationReport extends Omit<EvaluationJob, 'input' | 'brain'> {
  slices: number;
  /** `read`: the volumes; `download`: starting the networks it is the first to need; `finish`: writing. */
  seconds: Record<Stage, number>;
  /** Mean over the brain, normalized units, per target. */
  meanSpread: Partial<Record<Contrast, number>>;
}

/**
 * Runs jobs one after the other; networks are started once a bundle, precision, provider and number of threads.
 * @throws SynthesisError with one text that names the file
 */
export async function runEvaluation(
  jobs: readonly EvaluationJob[],
  onReport: (report: EvaluationReport) => void,
): Promise<void> {
  const sessions = new SessionCache();
  try {
    for (const job of jobs) onReport(await runJob(job, sessions));
  } finally {
    await sessions.release();
  }
}

async function runJob(job: EvaluationJob, sessions: SessionCache): Promise<EvaluationReport> {
  const clock = new StageClock();
  const { manifest } = await sessions.bundle(job.bundle);
  const brain = new Uint8Array(await bytesOf(job.brain));
  const stack = stackOf(await bytesOf(job.input.file), brain, job, manifest);
  clock.lap('read');
  const { sources, targets, tokens } = job;
  const truth = tokens === 'truth';
  // True tokens make the sources' tokens and the MDN needless.
  const names = cdmNetworks(manifest, sources, targets, { ...job, guidance: truth ? 'none' : job.guidance });
  if (truth) names.push(...targets.map(target => `mrm-${target}`));
  const network = await sessions.networks(job, names);
  clock.lap('download');
  const shared = { manifest, network };
  const given = new Map<Contrast, Float32Array>();
  if (truth) {
    for (const target of targets) given.set(target, await encodeTokens(target, stack.get(target)!, shared));
    clock.lap('tokens');
  }
  const cdmJob: CdmJob = {
    ...shared,
    sources: new Map(sources.map(contrast => [contrast, stack.get(contrast)!] as const)),
    brain,
    targets,
    samples: job.samples,
    guidance: job.guidance,
    steps: job.steps,
    members: job.members,
    seed: job.seed,
    tokens: given,
    uncertainty: true,
    onStep: step => clock.lap(step.stage),
  };
  const predictions = [...(await synthesizeCdm(cdmJob)).values()];
  for (const kind of VOLUMES) {
    await writeFloats(
      `${job.output}.${kind}.f32`,
      predictions.map(({ mean, uncertainty }) => ({ mean, ...uncertainty! })[kind].data),
    );
  }
  clock.lap('finish');
  const { input, brain: _, ...told } = job;
  return {
    ...told,
    precision: bundlePrecision(manifest, job.precision),
    slices: input.dims[1],
    seconds: clock.seconds(),
    meanSpread: Object.fromEntries(
      predictions.map(({ uncertainty }, n) => [targets[n], maskedMean(uncertainty!.spread.data, brain)]),
    ),
  };
}

/** The input's volumes by contrast, 0 outside the brain. */
function stackOf(
  bytes: ArrayBuffer,
  brain: Mask,
  { input, members = [] }: EvaluationJob,
  { contrasts, grid, members: has }: CdmManifest,
): Map<Contrast, Volume> {
  const refuse = (what: string) =>
    new SynthesisError('configuration-invalid', `The job on ${input.file} ${what}.`);
  const [channels, depth, rows, columns] = input.dims;
  const voxels = depth * rows * columns;
  const wanted = [contrasts.length, depth, ...grid.size];
  if (String(wanted) !== String(input.dims)) {
    throw refuse(`has dims ${input.dims.join(' x ')}, but its bundle wants ${wanted.join(' x ')}`);
  }
  if (bytes.byteLength !== 4 * channels * voxels) throw refuse('does not have as many bytes as its dims say');
  if (brain.length !== voxels) throw refuse('has a brain mask of another size');
  const unknown = members.find(member => member >= has);
  if (unknown !== undefined) throw refuse(`asks for member ${unknown}, but its bundle has ${has}`);
  const values = new Float32Array(bytes);
  return new Map(
    contrasts.map((contrast, c) => [
      contrast,
      {
        dims: [columns, rows, depth],
        indexToWorld: mat4.fromScaling(mat4.create(), grid.spacing),
        data: values.slice(c * voxels, (c + 1) * voxels).map((v, i) => (brain[i] ? v : 0)),
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
