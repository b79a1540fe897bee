import type { BaseManifest } from '../bundle/fields';
import { decimal, isMessage, type Message, message } from '../messages';
import type { Slices } from '../methods/Method';
import { alignToReferenceSlices } from '../volume/alignToReferenceSlices';
import { canonicalGrid, modelGrid } from '../volume/modelGrid';
import { type Grid, spacingOf, voxelCount } from '../volume/Volume';
import { type PreflightFacts, placed, referenceGrid } from './facts';
import { fit } from './fit';
import { type Finding, findingOf } from './report';

/** Height of a brain before it is measured, mm. */
const HEIGHT = 140;
/** Longer than this a person should know before, s. */
const LONG = 30 * 60;
/** What the runtime takes for itself and the networks' inner tensors, bytes. */
const RUNTIME = 600e6;
/** A network lies in memory as file, as graph and as packed weights. */
const COPIES = 3;

/** How long the networks will run here, and how much memory they and the volumes take. */
export function cost(facts: PreflightFacts): Finding | null {
  const { model, machine } = facts;
  const reference = referenceGrid(facts);
  if (!reference || !model || isMessage(model) || !machine) return null;
  if (fit(facts)?.level === 'red') return null;
  const seconds = machine.flopsPerSecond && flopsOf(facts)! / machine.flopsPerSecond;
  const bytes = memoryOf(facts, model.manifest, slicesOf(facts, model.manifest, reference).depth);
  const troubles: Finding[] = [];
  const memory = gigabytes(bytes);
  const text = seconds
    ? message('preflight/cost', { duration: duration(seconds), memory, provider: machine.provider })
    : message('preflight/cost-time-unknown', { memory, provider: machine.provider });
  if (seconds && seconds > LONG) {
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

/** Operations of the networks of the job; nothing while the model is not known. */
export function flopsOf(facts: PreflightFacts): number | undefined {
  const { model, targets } = facts;
  const reference = referenceGrid(facts);
  if (!reference || !model || isMessage(model)) return undefined;
  const given = facts.sources.map(s => s.contrast);
  const { manifest, method, options } = model;
  return method.flops(manifest, slicesOf(facts, manifest, reference), given, targets, options);
}

/** The model's slices: around the brain once it is found, before that around a brain of ordinary height. */
function slicesOf({ pixels }: PreflightFacts, { grid }: BaseManifest, reference: Grid): Slices {
  const [rows, columns] = grid.size;
  const whole = canonicalGrid(reference, grid.spacing);
  const most = Math.ceil(HEIGHT / grid.spacing[2]);
  const around = pixels?.brain?.mask.includes(1)
    ? modelGrid(pixels.brain.grid, pixels.brain.mask, grid.spacing, [columns, rows])
    : { ...whole, dims: [columns, rows, Math.min(most, whole.dims[2])] as Grid['dims'] };
  const wanted = alignToReferenceSlices(around, reference);
  return { depth: wanted.grid.dims[2], spacing: spacingOf(wanted.grid)[2], wanted: wanted.slices.length };
}

/** Bytes: every acquired volume and result twice (page and worker), the model's stack, the networks. */
function memoryOf(facts: PreflightFacts, manifest: BaseManifest, depth: number): number {
  const [rows, columns] = manifest.grid.size;
  const acquired = placed(facts).reduce((sum, { grid }) => sum + voxelCount(grid), 0);
  const results = facts.targets.length * voxelCount(referenceGrid(facts)!);
  // Each source and target, and as much again for what comes and goes.
  const stack = 2 * (facts.sources.length + facts.targets.length) * rows * columns * depth;
  const networks = COPIES * (facts.download?.needed ?? 0);
  return 4 * (2 * (acquired + results) + stack) + networks + RUNTIME;
}

/** "20 s", "3 min". */
function duration(seconds: number): Message {
  return seconds < 90
    ? message('unit/seconds', { seconds: Math.max(5, Math.ceil(seconds / 5) * 5) })
    : message('unit/minutes', { minutes: Math.ceil(seconds / 60) });
}

function gigabytes(bytes: number): Message {
  return message('unit/gigabytes', { gigabytes: decimal(bytes / 1e9, 1) });
}
