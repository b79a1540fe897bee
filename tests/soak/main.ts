/**
 * `npm run soak [-- --jobs N --accepted N]`: many jobs in one tab of the real viewer, each of which is
 * rejected; then in another tab jobs that are accepted (where Orthanc is installed). After each the memory
 * of Chromium's processes. Tiny bundle, demo study. Writes docs/soak.md and its curves. Linux only.
 */
import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { startViewer } from '@modality-synthesis/viewer';
import { findOrthanc, startOrthanc } from '@modality-synthesis/viewer/orthanc';
import { tinyBundle } from '../e2e/support/SynthesisPage';
import { type Line, lineChart } from '../lineChart';
import { replaceTable } from '../replaceTable';
import { inAll, PROCESSES } from './memory';
import { type Sample, SETTLED, soak } from './soak';

const ROOT = path.resolve(import.meta.dirname, '../..');
const STUDY = path.join(ROOT, 'viewer/demo-study/dicom');
const DOCUMENT = path.join(ROOT, 'docs/soak.md');

const { values } = parseArgs({
  options: { jobs: { type: 'string', default: '100' }, accepted: { type: 'string', default: '30' } },
});

const folder = await startViewer({ studies: [STUDY], appConfig: tinyBundle });
const rejected = await soak('reject', Number(values.jobs), folder, print);
await folder.close();
const accepted = await soakAccepted(Number(values.accepted));
report();

/** Without Orthanc none. */
async function soakAccepted(jobs: number): Promise<Sample[]> {
  const orthanc = findOrthanc();
  if (!orthanc || jobs === 0) return [];
  const pacs = await startOrthanc(orthanc);
  const files = readdirSync(STUDY, { recursive: true, withFileTypes: true }).filter(file => file.isFile());
  await pacs.load(files.map(file => path.join(file.parentPath, file.name)));
  const { url, close } = await startViewer({ studies: [], pacs: pacs.url, appConfig: tinyBundle });
  const samples = await soak('accept', jobs, { url, studies: folder.studies }, print);
  await close();
  await pacs.close();
  return samples;
}

function print(sample: Sample, n: number): void {
  const parts = PROCESSES.map(kind => `${kind} ${sample.processes[kind].toFixed(0)}`);
  const counts = `${sample.listeners} listeners, ${sample.nodes} nodes, ${sample.textures} textures`;
  const heaps = `page ${sample.pageHeap.toFixed(1)} + ${sample.pageBuffers.toFixed(1)}, workers ${sample.workerHeaps.toFixed(1)}`;
  const times = `job ${sample.job.toFixed(1)} s, end ${sample.end.toFixed(1)} s`;
  console.log(`${n}: ${inAll(sample).toFixed(0)} MB (${parts.join(', ')}; ${heaps}); ${counts}; ${times}`);
}

/** Rows of a table: before the first job, the first ones, then every tenth, and the last. */
function table(samples: readonly Sample[]): string[] {
  const rows = samples.flatMap((sample, n) =>
    n <= SETTLED || n % 10 === 0 || n === samples.length - 1
      ? `| ${[
          n,
          ...[inAll(sample), ...PROCESSES.map(kind => sample.processes[kind])].map(mb => mb.toFixed(0)),
          ...[sample.pageHeap, sample.pageBuffers, sample.workerHeaps].map(mb => mb.toFixed(1)),
          sample.listeners,
          sample.nodes,
          sample.textures,
          ...(n > 0 ? [sample.job.toFixed(1), sample.end.toFixed(1)] : ['', '']),
        ].join(' | ')} |`
      : [],
  );
  return [
    `| jobs | in all, MB | ${PROCESSES.join(' | ')} | objects | buffers | workers | listeners | nodes | textures | job, s | end, s |`,
    `|${'---|'.repeat(8 + PROCESSES.length + 1)}`,
    ...rows,
  ];
}

/** Growth from the third job to the last, in words. */
function growth(samples: readonly Sample[]): string {
  const [from, to] = [inAll(samples[SETTLED]), inAll(samples[samples.length - 1])];
  const [change, jobs] = [to - from, samples.length - 1 - SETTLED];
  const share = ((100 * change) / from).toFixed(1);
  return `From job ${SETTLED} to job ${samples.length - 1}: ${from.toFixed(0)} to ${to.toFixed(0)} MB in all, ${change < 0 ? '' : '+'}${share} %, ${(change / jobs).toFixed(2)} MB a job.`;
}

function report(): void {
  for (const [id, samples] of Object.entries({ rejected, accepted })) {
    if (samples.length <= SETTLED + 1) continue;
    console.log(`${id}. ${growth(samples)}`);
    const line = (name: string, megabytes: (sample: Sample) => number): Line => ({
      name,
      points: samples.map((sample, job) => [job, megabytes(sample)]),
    });
    const lines = PROCESSES.map(name => line(name, sample => sample.processes[name]));
    const axes = { x: 'jobs', y: 'MB', scale: 'linear' } as const;
    writeFileSync(
      path.join(ROOT, `docs/images/soak-${id}.svg`),
      lineChart('Memory over the jobs', axes, [...lines, line('in all', inAll)]),
    );
    replaceTable(DOCUMENT, id, [growth(samples), '', ...table(samples)]);
  }
}
