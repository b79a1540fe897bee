/**
 * The engine in a process of its own: registration keeps a thread busy for so long that the worker could not
 * tell the queue that it lives, and what a study breaks is this process only.
 */
import {
  asSynthesisError,
  METHODS,
  PROGRESS_TOTAL,
  ProgressMeter,
  type Step,
  stageName,
} from '@modality-synthesis/engine';
import { filePorts, StageClock, synthesizeStudy } from '@modality-synthesis/engine/node';
import type { EngineAnswer, EngineRequest } from './messages';
import { isRefusal } from './refusals';

/** Steps of the progress that the worker hears of. */
const TOLD = 20;

/** One study's networks are the next one's. */
const ports = filePorts(METHODS);

const answer = (message: EngineAnswer) => process.send?.(message);

async function run({ job, study, out, ...place }: EngineRequest): Promise<void> {
  const { targets, sources, reference, method, seed, precision, acceptWarnings } = job.settings;
  const clock = new StageClock();
  let told = 0;
  const meter = new ProgressMeter(({ completed }) => {
    const step = Math.floor((TOLD * completed) / PROGRESS_TOTAL);
    if (step > told) answer({ progress: step / TOLD });
    told = step;
  });
  const onStep = (step: Step) => {
    clock.lap(stageName(step));
    meter.step(step);
  };
  const options = {
    ...{ study, out, ...place, targets, sources, reference, seed, precision },
    settings: method.options as Record<string, number>,
    ...{ acceptWarnings, uncertainty: false, check: false, json: true },
    repeatable: new Date(job.begun ?? Date.now()),
  };
  const { outputs, seconds } = await synthesizeStudy(options, { clock, onStep, methods: METHODS, ports });
  const series = outputs.map(({ target, SeriesInstanceUID }) => ({ target, SeriesInstanceUID }));
  answer({ series, seconds });
}

process.on('message', (request: EngineRequest) => {
  run(request).catch(thrown => {
    const { code, message, cause } = asSynthesisError(thrown, 'inference-failed', 'The engine failed.');
    const log = `${message}${cause instanceof Error ? ` (${cause.message})` : ''}`;
    answer({ code, isOfStudy: isRefusal(code), log });
  });
});
// A worker that was killed needs no result; one that is asked to end waits for it.
process.on('disconnect', () => process.exit());
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {});
