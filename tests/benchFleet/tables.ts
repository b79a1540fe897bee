import type { KillFigures } from '@modality-synthesis/fleet/testing/killWorkers';
import { median } from '../median';
import type { MemoryFigures } from './measureMemory';
import type { StudyFigures } from './measureStudy';
import type { RateFigures } from './measureWorkers';

/** What was measured so far. */
export interface FleetFigures {
  killing?: KillFigures;
  memory?: MemoryFigures;
  workers?: RateFigures[];
  study?: StudyFigures;
}

/** First and last studies that are compared. */
const PART = 20;
/** Asked of two workers beside one. */
const ASKED = 1.8;
/** Cores that others may keep busy meanwhile. */
const QUIET = 0.2;
/** What is worked out on paper. */
const STUDIES = 10_000;
const MACHINES = 50;
const CARDS = 8;
/** Of a machine, and beside a card. */
const CORES = 2;
/** Of the archive, bytes a second. */
const LINK = 1e9 / 8;
/** Stages in which nothing but networks runs that a card would run. */
const ON_CARD = ['images'];

const mean = (values: readonly number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;
const mebibytes = (values: readonly number[]) => `${mean(values).toFixed(0)} MiB`;
const times = (n: number) => (n === 1 ? 'once' : `${n} times`);

/** The section of what was measured. */
export function measuredLines({ killing, memory, workers, study }: FleetFigures, cores: number): string[] {
  return [
    `\`npm run bench:fleet\` on ${cores} processor cores (in brackets: how many of them other work kept busy). Redis, Orthanc and`,
    'workers on this machine; small studies (one series of 24 slices) with the tiny bundle, unless said.',
    ...(killing ? ['', ...killingLines(killing)] : []),
    ...(memory ? ['', ...memoryLines(memory)] : []),
    ...(workers ? ['', ...workerLines(workers, cores)] : []),
    ...(study ? ['', ...studyLines(study)] : []),
  ];
}

function killingLines(figures: KillFigures): string[] {
  const { studies, kills, underWay, made, present, takenOver, doubles, wrongImages, seconds } = figures;
  const lost = studies - made - present;
  return [
    `| ${studies} studies, ${kills} workers killed at random, Redis killed twice, Orthanc restarted once | |`,
    '|---|---|',
    `| kills of a worker that had a study | ${underWay} |`,
    `| studies taken over from a silent worker | ${times(takenOver)} |`,
    `| studies made; found made by who took them over | ${made}; ${present} |`,
    `| studies without their series | ${lost} |`,
    `| series too many; studies whose series has images too many or too few | ${doubles}; ${wrongImages} |`,
    `| minutes | ${(seconds / 60).toFixed(0)} |`,
  ];
}

function memoryLines({ worker, engine, others }: MemoryFigures): string[] {
  const row = (name: string, all: readonly number[]) => {
    const [first, last] = [all.slice(0, PART), all.slice(-PART)];
    const change = (100 * (mean(last) - mean(first))) / mean(first);
    const middle = all.slice(all.length / 2 - PART / 2, all.length / 2 + PART / 2);
    return `| ${name} | ${[first, middle, last].map(mebibytes).join(' | ')} | ${change.toFixed(1)} % | ${Math.max(...all).toFixed(0)} MiB |`;
  };
  return [
    `Memory of one worker over ${worker.length} studies [${others.toFixed(1)}]: the largest resident size during each, five samples a second.`,
    '',
    `| | first ${PART} | middle ${PART} | last ${PART} | last to first | most |`,
    '|---|---|---|---|---|---|',
    row('queue and archive', worker),
    row('its engine', engine),
  ];
}

function workerLines(runs: readonly RateFigures[], cores: number): string[] {
  const of = (n: number) => runs.filter(({ workers }) => workers === n);
  const rates = [1, 2].map(n => median(of(n).map(run => run.studiesAnHour)));
  const ratio = (rates[1] / rates[0]).toFixed(2);
  const busy = Math.max(...runs.map(({ others }) => others));
  const all = (run: RateFigures) => run.worker + run.engine + run.orthanc + run.redis;
  const costs = of(2).map((run, n) => (all(run) / all(of(1)[n])).toFixed(2));
  const room = (3600 * cores) / median(of(2).map(all));
  const row = (run: RateFigures) => {
    const { workers, others, studiesAnHour, worker, engine, orthanc, redis } = run;
    const cells = [worker, engine, orthanc, redis, all(run)].map(s => s.toFixed(2)).join(' | ');
    return `| ${workers} [${others.toFixed(1)}] | ${studiesAnHour.toFixed(0)} | ${cells} |`;
  };
  return [
    'Two workers beside one, by turns, each on a core of its own (`taskset`), Redis and Orthanc on whichever is free. Asked: at least',
    busy > QUIET
      ? `${ASKED} times. **Not measured**: others kept up to ${busy.toFixed(1)} cores busy, so the studies an hour (${ratio} times) say nothing of the fleet.`
      : `${ASKED} times. **${ratio} times**: ${((100 * rates[1]) / room).toFixed(0)} % of what ${cores} cores have room for, which carry Redis and Orthanc too.`,
    `By the processor a study costs with two workers ${costs.join(' and ')} times what it costs with one: whether they slow each other.`,
    '',
    '| workers | studies an hour | processor, s a study: worker | engine | Orthanc | Redis | all |',
    '|---|---|---|---|---|---|---|',
    ...runs.map(row),
  ];
}

function studyLines(study: StudyFigures): string[] {
  const { dims, retrieved, stored, stages, seconds, processor, orthanc, worker, engine, others } = study;
  const megabytes = (bytes: number) => (bytes / 1e6).toFixed(0);
  return [
    `A whole study: FLAIR of T1, T1ce and T2 of ${dims.join(' x ')} (${megabytes(retrieved)} MB) with the shipped bundle, by one worker on all`,
    `cores [${others.toFixed(1)}]; ${megabytes(stored)} MB of result. Medians, s, once the engine was started.`,
    '',
    `| ${Object.keys(stages).join(' | ')} | **all** | processor | of it Orthanc's |`,
    `|${'---|'.repeat(Object.keys(stages).length + 3)}`,
    `| ${[...Object.values(stages), seconds, processor + orthanc, orthanc].map(s => s.toFixed(1)).join(' | ')} |`,
    '',
    `Memory, at most: queue and archive ${worker.toFixed(0)} MiB, its engine ${engine.toFixed(0)} MiB.`,
  ];
}

/** The section of what follows from it. */
export function paperLines({ study, workers }: FleetFigures): string[] {
  if (!study) return ['Not measured: no machine was quiet enough.'];
  const { retrieved, stored, stages, processor, orthanc } = study;
  const bytes = retrieved + stored;
  const hours = (s: number) => (s / 3600).toFixed(1);
  const megabytes = (n: number) => (n / 1e6).toFixed(0);
  /** Of a machine whose cores its workers keep busy, s a study. */
  const each = processor / CORES;
  const together = (STUDIES * each) / MACHINES;
  const linked = (STUDIES * bytes) / LINK;
  const enough = Math.ceil((LINK * each) / bytes);
  const spared = Math.floor((60 * LINK) / 2 / bytes);
  const sum = (names: readonly string[]) => names.reduce((all, name) => all + (stages[name] ?? 0), 0);
  const rest = each * (1 - sum(ON_CARD) / sum(Object.keys(stages)));
  const redis = workers && median(workers.map(run => run.redis));
  const all = STUDIES.toLocaleString('en');
  return [
    `Of the whole study above: ${processor.toFixed(1)} s of one core for queue and engine, so ${each.toFixed(1)} s on a machine whose ${CORES} cores its`,
    `workers keep busy; ${megabytes(retrieved)} MB from the PACS and ${megabytes(stored)} MB back. The rest is arithmetic.`,
    '',
    `| ${all} studies | ${MACHINES} machines of ${CORES} cores |`,
    '|---|---|',
    `| hours of a core | ${hours(STUDIES * processor)} |`,
    `| hours, if nothing else were in the way | ${hours(together)} |`,
    `| bytes of the PACS | ${((STUDIES * bytes) / 1e9).toFixed(0)} GB: ${((8 * STUDIES * bytes) / together / 1e9).toFixed(1)} Gbit/s |`,
    `| hours, if the PACS has 1 Gbit/s | ${hours(Math.max(together, linked))} |`,
    `| cores of the PACS that are busy, if it is an Orthanc | ${((STUDIES * orthanc) / Math.max(together, linked)).toFixed(1)} |`,
    ...(redis
      ? [`| of the one core that Redis can use | ${((100 * STUDIES * redis) / together).toFixed(1)} % |`]
      : []),
    '',
    `**The bottleneck is the PACS** as soon as ${enough} machines ask it over 1 Gbit/s. To leave the clinic half of that link,`,
    `\`limit --studies-a-minute ${spared}\`: ${(STUDIES / spared / 60).toFixed(1)} hours.`,
    '',
    `| ${all} studies | ${CARDS} GPUs, each with ${CORES} cores for its workers |`,
    '|---|---|',
    `| seconds a study that stay on the processor (the networks' share of the stages is taken off) | ${rest.toFixed(1)} of ${each.toFixed(1)} |`,
    `| hours, if the networks took no time | ${hours((STUDIES * rest) / CARDS)} |`,
    `| cores that fill 1 Gbit/s | ${Math.ceil((LINK * rest * CORES) / bytes)} |`,
    `| seconds that a card may take for a study, to keep up with that link | ${((CARDS * bytes) / LINK).toFixed(1)} |`,
  ];
}
