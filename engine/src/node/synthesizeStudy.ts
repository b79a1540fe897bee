import { bundlePrecision } from '../bundle/loadBundle';
import { english } from '../messages/english';
import { METHODS } from '../methods';
import { completeOptions, completeTargets, openModels } from '../models';
import { factsOfFailure } from '../preflight/facts';
import { messagesAt, PreflightStop, stopAtRed } from '../preflight/PreflightStop';
import type { PreflightReport } from '../preflight/report';
import { runPreflight } from '../preflight/runPreflight';
import type { OnStep } from '../progress';
import { applyRegistration, registrationRecords } from '../registration/Alignment';
import { align } from '../registration/align';
import type { Options } from './arguments';
import { bundleFolder, folderReader } from './bundleFolder';
import { findStudyBrain } from './findStudyBrain';
import { headerFacts } from './headerFacts';
import { checkOutput } from './outputFolders';
import { planJob } from './planJob';
import { readStudy } from './readStudy';
import type { StageClock } from './StageClock';
import { readSources, runStudyJob, type StudyOutcome } from './studyJob';

/** Outcome of a job, with its preflight. */
export interface CheckedOutcome extends StudyOutcome {
  preflight: PreflightReport;
}

/**
 * Synthesizes for a study on disk, from its files to the files of the derived series.
 * @throws PreflightStop at red, and at amber unless warnings are accepted; other SynthesisErrors. The output
 *   folder is empty then
 */
export async function synthesizeStudy(
  options: Options,
  clock: StageClock,
  onStep: OnStep,
  signal?: AbortSignal,
  methods = METHODS,
): Promise<CheckedOutcome> {
  const { out, seed, provider } = options;
  const ids = options.targets.map(({ id }) => id);
  const folders = {
    bundle: bundleFolder('bundle', options.bundle),
    brainBundle: bundleFolder('brain-bundle', options.brainBundle),
  };
  await checkOutput(out, ids);
  const study = await readStudy(options.study, signal);
  const plan = planJob(study, { ...options, targets: ids });
  const models = await openModels(folders, folderReader, signal, methods);
  const { synthesis } = models;
  const job = {
    ...{ study, plan, models, seed, provider, out },
    targets: completeTargets(synthesis, options.targets),
    options: completeOptions(synthesis, options.settings),
    precision: bundlePrecision(synthesis.manifest, options.precision),
  };
  const facts = headerFacts(job);
  stopAtRed(runPreflight(facts));
  const read = await readSources(plan, onStep, signal);
  const alignment = await align(read.volumes, plan.reference, onStep, signal).catch(thrown => {
    const pixels = factsOfFailure(thrown);
    throw pixels ? new PreflightStop(runPreflight({ ...facts, pixels })) : thrown;
  });
  const registration = registrationRecords(alignment);
  const sources = { ...read, volumes: applyRegistration(read.volumes, registration), registration };
  const { brain, flopsPerSecond } = await findStudyBrain(
    job,
    sources.volumes,
    plan.reference,
    onStep,
    signal,
  );
  const checked = runPreflight({
    ...facts,
    machine: { ...facts.machine, flopsPerSecond },
    pixels: { brain, alignment },
  });
  stopAtRed(checked);
  if (checked.level === 'amber' && !options.acceptWarnings) throw new PreflightStop(checked);
  const outcome = await runStudyJob(job, sources, brain, clock, onStep, signal);
  const warnings = checked.level === 'amber' ? [english(messagesAt(checked, 'amber')!)] : [];
  return { ...outcome, preflight: checked, warnings: [...outcome.warnings, ...warnings] };
}
