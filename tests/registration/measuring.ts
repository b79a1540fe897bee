import type { Point3, RoleId, Volume } from '@modality-synthesis/engine';
import { type mat4, vec3 } from 'gl-matrix';
import { indexToWorld } from '../../engine/src/volume/Volume';

export type Volumes = Map<RoleId, Volume>;

/** The middle of a volume, LPS mm. */
export const centreOf = (v: Volume): Point3 => indexToWorld(v, v.dims.map(n => (n - 1) / 2) as Point3);

/** Mean displacement by a transform of the corners of a 100 mm cube around `centre`, mm. */
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
