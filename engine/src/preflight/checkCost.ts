import type { BaseManifest } from '../bundle/fields';
import type { Domain } from '../domains/Domain';
import { decimal, isMessage, type Message, message } from '../messages';
import type { Slices } from '../methods/Method';
import { alignToReference } from '../volume/alignToReference';
import { canonicalGrid, modelGrid } from '../volume/modelGrid';
import { gridOfSlices, slicesAround, slicesNear } from '../volume/sliceRange';
import { type Grid, indexToWorld, type Point3, spacingOf, voxelCount } from '../volume/Volume';
import { checkFit } from './checkFit';
import { type PreflightFacts, referenceGrid, usableSources } from './facts';
import { type Finding, findingOf } from './report';

/** Longer jobs need a warning, s. */
const LONG_DURATION = 30 * 60;
/** Memory of the runtime and of the networks' inner tensors, bytes; fitted to `npm run bench:memory`. */
const RUNTIME_MEMORY = 360e6;
/** Copies of a network in memory: file, graph and packed weights. */
const COPIES = 3;

/** Expected duration of the job, and memory of networks and volumes. */
export function checkCost(facts: PreflightFacts, domain: Domain): Finding | null {
  const { model, machine } = facts;
  const reference = referenceGrid(facts);
  if (!reference || !model || isMessage(model) || !machine) return null;
  if (checkFit(facts, domain)?.level === 'red') return null;
  const seconds = jobSeconds(facts, domain);
  const bytes = memoryOf(facts, model.manifest, slicesOf(facts, domain, model.manifest, reference).depth);
  const troubles: Finding[] = [];
  const memory = gigabytes(bytes);
  const text = seconds
    ? message('preflight/cost', { duration: duration(seconds), memory, provider: machine.provider })
    : message('preflight/cost-time-unknown', { memory, provider: machine.provider });
  if (seconds && seconds > LONG_DURATION) {
    troubles.push({ level: 'amber', text, remedy: message('preflight/cost-time-remedy') });
  }
  if (machine.memory && bytes > machine.memory / 2) {
    troubles.push({
      level: 'amber',
      text: message('preflight/cost-memory', { cost: text, memory: gigabytes(machine.memory) }),
      remedy: message('preflight/cost-memory-remedy'),
    });
  }
  return findingOf(troubles.slice(-1), text);
}

/** How long the job will take; undefined while the model or its speed is unknown. */
export function durationOf(facts: PreflightFacts, domain: Domain): Message | undefined {
  const seconds = jobSeconds(facts, domain);
  return seconds ? duration(seconds) : undefined;
}

/** The same in seconds. */
export function jobSeconds(facts: PreflightFacts, domain: Domain): number | undefined {
  if (checkFit(facts, domain)?.level === 'red') return undefined;
  const speed = facts.machine?.flopsPerSecond;
  const flops = speed && flopsOf(facts, domain);
  return flops && flops / speed;
}

/** Expected duration of a self-check, s: each source made again from the others; undefined while unknown. */
export function selfCheckSeconds(facts: PreflightFacts, domain: Domain): number | undefined {
  const { model, machine, sources } = facts;
  const reference = referenceGrid(facts);
  if (!reference || !model || isMessage(model) || !machine?.flopsPerSecond) return undefined;
  const { manifest, method, options } = model;
  const slices = slicesOf(facts, domain, manifest, reference);
  const flops = sources.map(({ role }) => {
    const others = sources.map(other => other.role).filter(other => other !== role);
    return method.flops(manifest, slices, others, [role], options);
  });
  return flops.reduce((sum, one) => sum + one, 0) / machine.flopsPerSecond;
}

/** Operations of the networks of the job; undefined while the model is unknown. */
export function flopsOf(facts: PreflightFacts, domain: Domain): number | undefined {
  const { model, targets } = facts;
  const reference = referenceGrid(facts);
  if (!reference || !model || isMessage(model)) return undefined;
  const given = facts.sources.map(s => s.role);
  const { manifest, method, options } = model;
  return method.flops(manifest, slicesOf(facts, domain, manifest, reference), given, targets, options);
}

/** The model's slices: around the region once it is known, before that around one of ordinary height. */
function slicesOf(
  { pixels, slices }: PreflightFacts,
  { extent }: Domain,
  { grid }: BaseManifest,
  reference: Grid,
): Slices {
  const [rows, columns] = grid.size;
  const whole = canonicalGrid(reference, grid.spacing);
  const most = Math.ceil(extent.height / grid.spacing[2]);
  const around = pixels?.region?.mask.includes(1)
    ? modelGrid(pixels.region.grid, pixels.region.mask, grid.spacing, [columns, rows])
    : { ...whole, dims: [columns, rows, Math.min(most, whole.dims[2])] as Grid['dims'] };
  const aligned = alignToReference(around, reference);
  const wanted = slices ? middleSlices(aligned, reference, slices) : aligned.slices;
  return { depth: aligned.grid.dims[2], spacing: spacingOf(aligned.grid)[2], wanted: wanted.length };
}

/** Of the model's slices those that the middle `count` of the reference are interpolated from. */
function middleSlices(
  { grid, slices }: ReturnType<typeof alignToReference>,
  reference: Grid,
  count: number,
): number[] {
  const middle = indexToWorld(grid, grid.dims.map(n => (n - 1) / 2) as Point3);
  return slicesNear(grid, slices, gridOfSlices(reference, slicesAround(reference, middle, count)));
}

/** Float32 volumes that a result takes in page, worker and archive; fitted likewise. */
const RESULT_COPIES = 4;

/** Bytes: every acquired volume twice (page and worker), the results, the model's stack, the networks. */
function memoryOf(facts: PreflightFacts, manifest: BaseManifest, depth: number): number {
  const [rows, columns] = manifest.grid.size;
  const acquired = usableSources(facts).reduce((sum, { grid }) => sum + voxelCount(grid), 0);
  const results = facts.targets.length * voxelCount(referenceGrid(facts)!);
  // Each source and target, and the same amount for temporary volumes.
  const stack = 2 * (facts.sources.length + facts.targets.length) * rows * columns * depth;
  const networks = COPIES * (facts.download?.needed ?? 0);
  return 4 * (2 * acquired + RESULT_COPIES * results + stack) + networks + RUNTIME_MEMORY;
}

/** "20 s", "3 min". */
export function duration(seconds: number): Message {
  return seconds < 90
    ? message('unit/seconds', { seconds: Math.max(5, Math.ceil(seconds / 5) * 5) })
    : message('unit/minutes', { minutes: Math.ceil(seconds / 60) });
}

function gigabytes(bytes: number): Message {
  return message('unit/gigabytes', { gigabytes: decimal(bytes / 1e9, 1) });
}
