import { totalmem } from 'node:os';
import { chooseBackend } from '../backends/Backend';
import { nodeBackends } from '../backends/node';
import { hostOf } from '../backends/oip/openServedModel';
import { bundlePrecision } from '../bundle/loadBundle';
import { SynthesisError } from '../errors';
import { english } from '../messages/english';
import { completeOptions, completeTargets, domainOfModel, openModels } from '../models';
import { targetIds } from '../pipeline/Job';
import { measureSources } from '../pipeline/measureSources';
import { type KnownJob, preflightFacts } from '../pipeline/preflightFacts';
import { checkObstacle, selfCheck } from '../pipeline/selfCheck';
import { factsOfFailure } from '../preflight/facts';
import { messagesAt, PreflightStop, stopAtRed } from '../preflight/PreflightStop';
import type { PreflightReport } from '../preflight/report';
import { runPreflight } from '../preflight/runPreflight';
import { sliceCount } from '../volume/sliceRange';
import type { Options } from './arguments';
import { bundleFolder, folderReader } from './bundleFolder';
import { errorMapFolders } from './errorMapFiles';
import { type FileJobOptions, filePorts, finishFileJob, type StudyOutcome } from './fileJob';
import { checkOutput } from './outputFolders';
import { planJob } from './planJob';
import { type FileSeries, readStudy } from './readStudy';
import { serverPlace } from './serverPlace';

/** Outcome of a job, with its preflight. */
export interface CheckedOutcome extends StudyOutcome {
  preflight: PreflightReport;
}

/**
 * Synthesizes for a study on disk, from its files to the files of the derived series.
 * @throws PreflightStop at red, and at amber unless warnings are accepted; other SynthesisErrors. The output
 *   folder is empty then
 */
export async function synthesizeStudy(options: Options, run: FileJobOptions): Promise<CheckedOutcome> {
  const { out, seed, slices, provider: backend } = options;
  const folders = {
    bundle: bundleFolder('bundle', options.bundle),
    regionBundle: bundleFolder('brain-bundle', options.regionBundle),
  };
  const targets = targetIds(options);
  const maps = options.uncertainty ? targets.map(errorMapFolders).flatMap(Object.values<string>) : [];
  await checkOutput(out, [...targets, ...maps]);
  const models = await openModels(folders, folderReader, run.signal, run.methods);
  const { synthesis } = models;
  const domain = domainOfModel(synthesis, { fullDose: options.fullDose });
  const server = await serverPlace(options, synthesis, run.signal);
  const study = await readStudy(options.study, run.signal);
  run.onLeftOut?.(study.warnings);
  const plan = planJob(study, domain, { ...options, targets });
  const precision = bundlePrecision(synthesis.manifest, options.precision);
  const job = {
    ...{ study, plan, models, seed, slices, out },
    targets: completeTargets(synthesis, options.targets, name => domain.told(name, plan.sources)),
    options: completeOptions(synthesis, options.settings),
    placement: { backend, precision, server },
    uncertainty: options.uncertainty,
    repeatable: options.repeatable,
  };
  const ports = run.ports ?? filePorts(run.methods);
  const { settings } = await chooseBackend(nodeBackends(), backend, precision);
  const model = { models, options: job.options, settings, isStored: () => true };
  const machine = { memory: totalmem() };
  const facts = server && { host: hostOf(server), here: false, consented: true };
  const known = {
    plan,
    targets,
    chosen: options.targets,
    model,
    machine,
    server: facts,
    slices: slices && sliceCount(slices),
  };
  const check = (more?: Partial<KnownJob<FileSeries>>) =>
    runPreflight(preflightFacts({ ...known, ...more }, ports.study), domain);
  stopAtRed(check());
  const obstacle = options.check ? checkObstacle(job) : null;
  if (obstacle) throw new SynthesisError('plan-invalid', obstacle);
  const measured = await measureSources(job, ports, run).catch(thrown => {
    const pixels = factsOfFailure(thrown);
    throw pixels ? new PreflightStop(check({ pixels })) : thrown;
  });
  const { pixels } = measured;
  // The speed of the region's network here says nothing of a server.
  const flopsPerSecond = server ? undefined : measured.flopsPerSecond;
  const preflight = check({ pixels, machine: { ...machine, flopsPerSecond } });
  stopAtRed(preflight);
  if (preflight.level === 'amber' && !options.acceptWarnings) throw new PreflightStop(preflight);
  const checked = options.check ? await selfCheck(job, measured, run) : undefined;
  const outcome = await finishFileJob({ ...job, check: checked?.record }, measured, ports, run);
  const warnings = preflight.level === 'amber' ? [english(messagesAt(preflight, 'amber')!)] : [];
  return { ...outcome, preflight, warnings: [...outcome.warnings, ...warnings] };
}
