import {
  applyRegistration,
  type Contrast,
  counter,
  type Derivation,
  type PixelFacts,
  recordSource,
  registrationRecords,
  type SourceRecord,
  type Step,
  type Volume,
} from '@modality-synthesis/engine';
import type { BrainOutcome, RunOptions } from '@modality-synthesis/engine/web';
import type { Endpoints } from './endpoints';
import type { EnginePort, Plan, ViewerPort } from './ViewerPort';

/** Sources of a job, read, registered and measured. */
export interface SourceMeasurement {
  /** Registered to the reference. */
  volumes: ReadonlyMap<Contrast, Volume>;
  records: SourceRecord[];
  registration: NonNullable<Derivation['registration']>;
  brain: BrainOutcome;
  pixels: PixelFacts;
}

/**
 * Reads the sources of a plan, registers them to the reference and extracts the brain.
 * @throws SynthesisError as `ViewerPort.readVolume`, `EnginePort.align` and `EnginePort.findBrain`
 */
export async function measureSources(
  { sources, reference }: Plan,
  endpoints: Endpoints,
  viewer: ViewerPort,
  engine: EnginePort,
  options: RunOptions & { onStep: (step: Step) => void },
): Promise<SourceMeasurement> {
  const of = [...sources.values()].reduce((sum, s) => sum + s.images, 0);
  const onImage = counter(options.onStep, 'read', of);
  const read = new Map<Contrast, Volume>();
  for (const [contrast, series] of sources) {
    read.set(contrast, await viewer.readVolume(series, onImage, options.signal));
  }
  const records = await Promise.all([...read].map(([c, v]) => recordSource(c, sources.get(c)!, v)));
  const alignment = await engine.align({ sources: read, reference: reference! }, options);
  const registration = registrationRecords(alignment);
  const volumes = applyRegistration(read, registration);
  const { runtime, provider, brainBundle } = endpoints;
  const job = { runtime, provider, brainBundle, sources: volumes, reference: reference! };
  const brain = await engine.findBrain(job, options);
  return { volumes, records, registration, brain, pixels: { brain: brain.found, alignment } };
}
