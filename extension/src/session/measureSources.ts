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
import type { Place } from './place';
import type { EnginePort, Plan, ViewerPort } from './ViewerPort';

/** What reading the sources gave: all that the job needs of them. */
export interface Measured {
  /** Lying on one another. */
  volumes: ReadonlyMap<Contrast, Volume>;
  records: SourceRecord[];
  registration: NonNullable<Derivation['registration']>;
  brain: BrainOutcome;
  pixels: PixelFacts;
}

/**
 * Reads the sources of a plan, lays them on one another, and finds the brain in them.
 * @throws SynthesisError as `ViewerPort.readVolume`, `EnginePort.align` and `EnginePort.findBrain`
 */
export async function measureSources(
  { sources, reference }: Plan,
  place: Place,
  viewer: ViewerPort,
  engine: EnginePort,
  options: RunOptions & { onStep: (step: Step) => void },
): Promise<Measured> {
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
  const { runtime, provider, brainBundle } = place;
  const job = { runtime, provider, brainBundle, sources: volumes, reference: reference! };
  const brain = await engine.findBrain(job, options);
  return { volumes, records, registration, brain, pixels: { brain: brain.found, alignment } };
}
