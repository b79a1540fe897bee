import { type Contrast, makePlan, type Point3, type Volume } from '@modality-synthesis/engine';
import { type mat4, vec3 } from 'gl-matrix';
import { readStudy } from '../../engine/src/node/readStudy';
import { readVolume } from '../../engine/src/node/readVolume';
import { indexToWorld } from '../../engine/src/volume/Volume';

export type Volumes = Map<Contrast, Volume>;

/** The sources of a study on disk, by contrast. */
export async function volumesOf(folder: string): Promise<Volumes> {
  const study = await readStudy(folder);
  const { sources } = makePlan(study.StudyInstanceUID, study.series, new Map());
  const volumes: Volumes = new Map();
  for (const [contrast, series] of sources) volumes.set(contrast, await readVolume(series, () => {}));
  return volumes;
}

/** The middle of a volume, LPS mm. */
export const centreOf = (v: Volume): Point3 => indexToWorld(v, v.dims.map(n => (n - 1) / 2) as Point3);

/** Mean distance, mm, by which a transform moves the corners of a 100 mm cube around `centre`: none where it is the identity. */
export function cornerError(transform: mat4, centre: Point3): number {
  let sum = 0;
  for (const x of [-50, 50])
    for (const y of [-50, 50])
      for (const z of [-50, 50]) {
        const corner = vec3.add(vec3.create(), centre, [x, y, z]);
        sum += vec3.distance(corner, vec3.transformMat4(vec3.create(), corner, transform)) / 8;
      }
  return sum;
}
