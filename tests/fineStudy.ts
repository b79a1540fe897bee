import path from 'node:path';
import type { Dataset, Point3, RoleId, Volume } from '@modality-synthesis/engine';
import { writeDatasets } from '@modality-synthesis/engine/testing/phantomStudy';
import { mat4 } from 'gl-matrix';
import { canonicalGrid } from '../engine/src/volume/modelGrid';
import { resample } from '../engine/src/volume/resample';
import { axisStep, type Grid, indexToWorld } from '../engine/src/volume/Volume';
import { seriesOf, volumesOf } from './studySources';

const demo = path.resolve(import.meta.dirname, '../viewer/demo-study/dicom');

/** The demo study's sources resampled to `dims` voxels of 1 mm around the centre of the first. */
export async function fineVolumes(dims: Point3): Promise<Map<RoleId, Volume>> {
  const volumes = await volumesOf(demo);
  const [first] = volumes.values();
  const grid = around(first, dims);
  return new Map([...volumes].map(([role, volume]) => [role, resample(volume, grid)]));
}

function around(volume: Volume, dims: Point3): Grid {
  const own = canonicalGrid(volume, [1, 1, 1]);
  const shift = mat4.fromTranslation(mat4.create(), own.dims.map((n, r) => (n - dims[r]) / 2) as Point3);
  return { dims, indexToWorld: mat4.multiply(mat4.create(), own.indexToWorld, shift) };
}

/** Writes the volumes as 3-D series with the headers of the demo study. */
export async function writeFineStudy(folder: string, volumes: ReadonlyMap<RoleId, Volume>): Promise<void> {
  for (const [role, { files }] of await seriesOf(demo)) {
    await writeDatasets(path.join(folder, role), images(volumes.get(role)!, files[0].instance));
  }
}

/** The images of a volume, values rounded, with `like`'s header. */
function images(volume: Volume, like: Dataset): Dataset[] {
  const [Columns, Rows, slices] = volume.dims;
  const plane = Columns * Rows;
  return Array.from({ length: slices }, (_, k) => ({
    ...like,
    SOPInstanceUID: `${String(like.SeriesInstanceUID).slice(0, 58)}.${k + 1}`,
    InstanceNumber: k + 1,
    MRAcquisitionType: '3D',
    Rows,
    Columns,
    PixelSpacing: [1, 1],
    SliceThickness: 1,
    SpacingBetweenSlices: 1,
    ImageOrientationPatient: [...axisStep(volume, 0), ...axisStep(volume, 1)],
    ImagePositionPatient: indexToWorld(volume, [0, 0, k]),
    PixelData: Uint16Array.from(volume.data.subarray(k * plane, (k + 1) * plane), Math.round).buffer,
  }));
}
