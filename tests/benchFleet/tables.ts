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
/** What is worked out on paper. */
const STUDIES = 10_000;
const MACHINES = 50;
const CARDS = 8;
/** Of the archive, bytes a second. */
const LINK = 1e9 / 8;
/** Stages in which nothing but networks runs that a card would run. */
const ON_CARD = ['tokens', 'diffusion', 'images'];

const mean = (values: readonly number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;
const mebibytes = (values: readonly number[]) => `${mean(values).toFixed(0)} MiB`;
const times = (n: number) => (n === 1 ? 'once' : `${n} times`);

/** The section of what was measured. */
export function measuredLines({ killing, memory, workers, study }: FleetFigures, cores: number): string[] {
  return [
    `\`npm run bench:fleet\` on ${cores} processor cores that had other work (in brackets: the cores that it kept busy). Redis, Orthanc and`,
    'workers on this machine; small studies (one series of 24 slices) with the tiny bundle, unless said.',
    ...(killing ? ['', ...killingLines(killing)] : []),
    ...(memory ? ['', ...memoryLines(memory)] : []),
    ...(workers ? ['', ...workerLines(workers)] : []),
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
    `Memory of one worker over ${worker.length} studies [${others.toFixed(1)}]: the largest resident size during each, ten samples a second.`,
    '',
    `| | first ${PART} | middle ${PART} | last ${PART} | last to first | most |`,
    '|---|---|---|---|---|---|',
    row('queue and archive', worker),
    row('its engine', engine),
  ];
}

function workerLines(runs: readonly RateFigures[]): string[] {
  const of = (n: number) => runs.filter(({ workers }) => workers === n);
  const at = (n: number, key: keyof RateFigures) => median(of(n).map(run => run[key]));
  const ratio = at(2, 'studiesAnHour') / at(1, 'studiesAnHour');
  const row = (n: number) => {
    const seconds = (['worker', 'engine', 'orthanc', 'redis'] as const).map(key => at(n, key));
    const all = seconds.reduce((sum, s) => sum + s, 0);
    const cells = [...seconds, all].map(s => s.toFixed(2)).join(' | ');
    return `| ${n} [${at(n, 'others').toFixed(1)}] | ${at(n, 'studiesAnHour').toFixed(0)} | ${cells} |`;
  };
  return [
    `Two workers beside one, each on a core of its own (\`taskset\`), Redis and Orthanc on whichever is free; medians of ${of(1).length} runs each,`,
    `by turns. Asked: at least ${ASKED} times. **${ratio.toFixed(2)} times.**`,
    '',
    '| workers | studies an hour | processor, s a study: worker | engine | Orthanc | Redis | all |',
    '|---|---|---|---|---|---|---|',
    row(1),
    row(2),
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
  if (!study) return ['`npm run bench:fleet -- study` first.'];
  const { retrieved, stored, seconds, stages, orthanc } = study;
  const bytes = retrieved + stored;
  const gigabytes = (n: number) => (n / 1e9).toFixed(0);
  const hours = (s: number) => (s / 3600).toFixed(1);
  const work = STUDIES * seconds;
  const together = work / MACHINES;
  const rate = (STUDIES * bytes) / together;
  const linked = (STUDIES * bytes) / LINK;
  const card = ON_CARD.reduce((sum, stage) => sum + (stages[stage] ?? 0), 0);
  const rest = seconds - card;
  const enough = LINK / (bytes / seconds);
  const spared = Math.floor((60 * LINK) / 2 / bytes);
  const redis = workers && median(workers.map(run => run.redis));
  return [
    `Of the whole study above: ${seconds.toFixed(1)} s on 2 cores, ${(retrieved / 1e6).toFixed(0)} MB from the PACS and ${(stored / 1e6).toFixed(0)} MB back. The rest is arithmetic.`,
    '',
    `| ${STUDIES.toLocaleString('en')} studies | ${MACHINES} machines of 2 cores |`,
    '|---|---|',
    `| seconds of work | ${Math.round(work).toLocaleString('en')} |`,
    `| hours, if nothing else were in the way | ${hours(together)} |`,
    `| bytes of the PACS | ${gigabytes(STUDIES * bytes)} GB: ${((8 * rate) / 1e9).toFixed(1)} Gbit/s |`,
    `| hours, if the PACS has 1 Gbit/s | ${hours(Math.max(together, linked))} |`,
    `| machines that fill 1 Gbit/s | ${Math.ceil(enough)} |`,
    `| cores of the PACS that are busy, if it is an Orthanc | ${((STUDIES * orthanc) / together).toFixed(1)} |`,
    ...(redis
      ? [
          `| share of the one core that Redis can use | ${((100 * STUDIES * redis) / together).toFixed(1)} % |`,
        ]
      : []),
    '',
    `**The bottleneck is the PACS** as soon as ${Math.ceil(enough)} machines ask it over 1 Gbit/s. To leave the clinic half of that link,`,
    `\`limit --studies-a-minute ${spared}\`: ${(STUDIES / spared / 60).toFixed(1)} hours.`,
    '',
    `| ${STUDIES.toLocaleString('en')} studies | ${CARDS} GPUs, a worker and 2 cores each |`,
    '|---|---|',
    `| seconds a study that stay on the processor | ${rest.toFixed(1)} of ${seconds.toFixed(1)} |`,
    `| hours, if the networks took no time | ${hours((STUDIES * rest) / CARDS)} |`,
    `| workers with 2 cores each that fill 1 Gbit/s | ${Math.ceil(LINK / (bytes / rest))} |`,
    `| seconds that a card may take for a study, to keep up with them | ${((CARDS * bytes) / LINK).toFixed(1)} |`,
  ];
}
