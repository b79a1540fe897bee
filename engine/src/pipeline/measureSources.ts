import { hashOfImages } from '../dicom/hashOfImages';
import type { RegistrationRecord, SourceRecord } from '../dicom/record';
import { domainOf } from '../domains';
import { regionVolume } from '../domains/Region';
import type { RoleId } from '../domains/Role';
import { checkpoint, SynthesisError } from '../errors';
import { list, message } from '../messages';
import { factsOfFailure, type PixelFacts, type ReadFacts } from '../preflight/facts';
import { counter, METHOD_SHARE } from '../progress';
import { registrationRecords } from '../registration/Alignment';
import type { StudySeries } from '../series/StudySeries';
import type { Volume } from '../volume/Volume';
import type { Alignments, OpenJob, RunOptions } from './Executor';
import type { Job, JobPorts } from './Job';

/** Sources of a job, read, registered to the reference and measured; their volumes are with the executor. */
export interface MeasuredSources {
  records: readonly SourceRecord[];
  registration: readonly RegistrationRecord[];
  /** Facts for the preflight. */
  pixels: PixelFacts;
  /** Of the networks, over the time of the whole job: expected from the speed of the region's network. */
  flopsPerSecond: number;
  open: OpenJob;
}

/** What a record says of the sources. */
export interface RecordedSources {
  registration: readonly RegistrationRecord[];
  /** @throws SynthesisError where these are not the recorded ones */
  check(now: readonly SourceRecord[]): void;
}

/**
 * First half of a job: reads the sources, registers them, finds the region and describes what the model will
 * see. Nothing stays open after a failure.
 * @param recorded makes the job again: its registration holds instead of the images'
 * @throws SynthesisError as `StudyPort.readVolume` and the executor's steps
 */
export async function measureSources<S extends StudySeries>(
  { plan: { sources, reference }, models, placement }: Pick<Job<S>, 'plan' | 'models' | 'placement'>,
  { study, executor }: JobPorts<S>,
  run: RunOptions,
  recorded?: RecordedSources,
): Promise<MeasuredSources> {
  const of = [...sources.values()].reduce((sum, s) => sum + s.images, 0);
  const onImage = counter(run.onStep ?? (() => {}), 'read', of);
  const { domain } = models.synthesis.manifest;
  const volumes = new Map<RoleId, Volume>();
  const read = new Map<RoleId, ReadFacts>();
  for (const [role, series] of sources) {
    const { offset, ...volume } = await study.readVolume(series, onImage, run.signal);
    // In the viewer reading and looking hold up the page: one task each.
    await checkpoint(run.signal);
    const otherKind = recorded ? null : domainOf(domain).otherKind(volume);
    volumes.set(role, volume);
    if (otherKind || offset) read.set(role, { ...(otherKind && { otherKind }), ...(offset && { offset }) });
    await checkpoint(run.signal);
  }
  const open = await executor.open({ sources: volumes, reference, domain });
  try {
    const checksums = await open.checksums({}, run);
    const recordOf = async ([role, series]: [RoleId, S]): Promise<SourceRecord> => {
      const { SeriesInstanceUID, images } = series;
      const all = study.images(series).map(({ instance }) => instance);
      const { size: instances } = new Set(all.map(({ SOPInstanceUID }) => SOPInstanceUID));
      return {
        ...{ role, SeriesInstanceUID, images },
        ...(instances < images && { instances }),
        uids: await hashOfImages(all),
        sha256: checksums.get(role)!,
      };
    };
    const records = await Promise.all([...sources].map(recordOf));
    recorded?.check(records);
    const alignment: Alignments = recorded ? new Map() : await open.align({}, run);
    if (recorded) await open.register(recorded.registration, run);
    const registration = recorded?.registration ?? registrationRecords(alignment);
    const { found, flopsPerSecond } = await open.findRegion({ bundle: models.region, ...placement }, run);
    const { method: _, ...bundle } = models.synthesis;
    const comparable = bundle.manifest.input_distribution && !recorded;
    const described = comparable && regionVolume(found) >= domainOf(domain).region.smallest;
    const features = described ? await open.describe({ bundle }, run) : undefined;
    const pixels = {
      region: found,
      alignment,
      ...(read.size > 0 && { read }),
      ...(features && { features }),
    };
    return { records, registration, pixels, flopsPerSecond: METHOD_SHARE * flopsPerSecond, open };
  } catch (thrown) {
    open.close();
    throw explained(thrown, sources, read);
  }
}

/** A failed alignment with what the sources look like, which may be why. */
function explained<S extends StudySeries>(
  thrown: unknown,
  sources: ReadonlyMap<RoleId, S>,
  read: ReadonlyMap<RoleId, ReadFacts>,
): unknown {
  const kinds = [...read].flatMap(([role, { otherKind }]) =>
    otherKind
      ? [message('preflight/other-kind', { series: sources.get(role)!.description, kind: otherKind })]
      : [],
  );
  if (kinds.length === 0 || !factsOfFailure(thrown) || !(thrown instanceof SynthesisError)) return thrown;
  return new SynthesisError(thrown.code, list([thrown.text, ...kinds]), { cause: thrown });
}
