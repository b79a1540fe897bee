import path from 'node:path';
import type { Dataset, Point3, RoleId, Volume } from '@modality-synthesis/engine';
import { writeDatasets } from '@modality-synthesis/engine/testing/phantomStudy';
import { mat4 } from 'gl-matrix';
import { canonicalGrid } from '../engine/src/volume/modelGrid';
import { resample } from '../engine/src/volume/resample';
import { axisStep, type Grid, indexToWorld, spacingOf } from '../engine/src/volume/Volume';
import { seriesOf, volumesOf } from './studySources';

const demo = path.resolve(import.meta.dirname, '../viewer/demo-study/dicom');

/** The demo study's sources resampled to `dims` voxels of 1 mm around the centre of the first. */
export async function fineVolumes(dims: Point3): Promise<Map<RoleId, Volume>> {
  const volumes = await volumesOf(demo);
  const [first] = volumes.values();
  const grid = around(first, dims);
  return new Map([...volumes].map(([role, volume]) => [role, resample(volume, grid)]));
}

/**
 * The head of the demo study on any number of slices, squeezed or stretched along their normal so that each
 * of them cuts the brain: 1 mm apart, or as far as it takes that enough of the brain is left. In plane
 * 192 x 192 voxels of 1 mm.
 */
export async function squeezedVolumes(slices: number): Promise<Map<RoleId, Volume>> {
  const volumes = await fineVolumes([192, 192, BRAIN]);
  const [{ indexToWorld }] = volumes.values();
  const along = (step: number): Grid => ({
    dims: [192, 192, slices],
    indexToWorld: mat4.scale(mat4.create(), indexToWorld, [1, 1, step]),
  });
  const shown = along(Math.max(1, LOWEST / slices));
  return new Map(
    [...volumes].map(([role, v]) => [role, { ...shown, data: resample(v, along(BRAIN / slices)).data }]),
  );
}

/** Height of the demo's brain, and of the lowest that is synthesized, mm. */
const BRAIN = 140;
const LOWEST = 40;

function around(volume: Volume, dims: Point3): Grid {
  const own = canonicalGrid(volume, [1, 1, 1]);
  const shift = mat4.fromTranslation(mat4.create(), own.dims.map((n, r) => (n - dims[r]) / 2) as Point3);
  return { dims, indexToWorld: mat4.multiply(mat4.create(), own.indexToWorld, shift) };
}

/**
 * Writes those of the demo's series of which there is a volume, as 3-D series with their headers.
 * @param number ends the UIDs, where several studies are written
 */
export async function writeFineStudy(
  folder: string,
  volumes: ReadonlyMap<RoleId, Volume>,
  number?: number,
): Promise<void> {
  const own = (uid: unknown) => (number === undefined ? String(uid) : `${uid}.${number}`);
  for (const [role, { files }] of await seriesOf(demo)) {
    const volume = volumes.get(role);
    const { StudyInstanceUID, SeriesInstanceUID, ...header } = files[0].instance;
    const uids = { StudyInstanceUID: own(StudyInstanceUID), SeriesInstanceUID: own(SeriesInstanceUID) };
    if (volume) await writeDatasets(path.join(folder, role), images(volume, { ...header, ...uids }));
  }
}

/** The images of a volume, values rounded, with `like`'s header. */
function images(volume: Volume, like: Dataset): Dataset[] {
  const [Columns, Rows, slices] = volume.dims;
  const plane = Columns * Rows;
  const apart = spacingOf(volume)[2];
  return Array.from({ length: slices }, (_, k) => ({
    ...like,
    SOPInstanceUID: `${String(like.SeriesInstanceUID).slice(0, 58)}.${k + 1}`,
    InstanceNumber: k + 1,
    MRAcquisitionType: '3D',
    Rows,
    Columns,
    PixelSpacing: [1, 1],
    SliceThickness: apart,
    SpacingBetweenSlices: apart,
    ImageOrientationPatient: [...axisStep(volume, 0), ...axisStep(volume, 1)],
    ImagePositionPatient: indexToWorld(volume, [0, 0, k]),
    PixelData: Uint16Array.from(volume.data.subarray(k * plane, (k + 1) * plane), Math.round).buffer,
  }));
}
