import { makePlan, type RoleId, type Volume } from '@modality-synthesis/engine';
import { type FileSeries, readStudy } from '../engine/src/node/readStudy';
import { readVolume } from '../engine/src/node/readVolume';

/** Source series of a study on disk, by contrast. */
export async function seriesOf(folder: string): Promise<Map<RoleId, FileSeries>> {
  const study = await readStudy(folder);
  return new Map(makePlan(study.StudyInstanceUID, study.series, new Map()).sources);
}

/** Their volumes. */
export async function volumesOf(folder: string): Promise<Map<RoleId, Volume>> {
  const volumes = new Map<RoleId, Volume>();
  for (const [role, series] of await seriesOf(folder)) volumes.set(role, await readVolume(series, () => {}));
  return volumes;
}
