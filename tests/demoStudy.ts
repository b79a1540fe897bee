import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import {
  type Contrast,
  type Dataset,
  makePlan,
  type Point3,
  type Volume,
  writePart10,
} from '@modality-synthesis/engine';
import { mat4 } from 'gl-matrix';
import { type FileSeries, readStudy } from '../engine/src/node/readStudy';
import { readVolume } from '../engine/src/node/readVolume';
import { patientGrid } from '../engine/src/volume/modelGrid';
import { resample } from '../engine/src/volume/resample';
import { axisStep, type Grid, indexToWorld } from '../engine/src/volume/Volume';

const folder = path.resolve(import.meta.dirname, '../viewer/demo-study/dicom');

export interface Source {
  volume: Volume;
  /** The series it is of. */
  series: FileSeries;
}

/** The demo study's sources on `dims` voxels of 1 mm, the middle of the first in their middle. */
export async function fineSources(dims: Point3): Promise<Map<Contrast, Source>> {
  const study = await readStudy(folder);
  const plan = makePlan(study.StudyInstanceUID, study.series, new Map());
  const sources = new Map<Contrast, Source>();
  let grid: Grid | undefined;
  for (const [contrast, series] of plan.sources) {
    const volume = await readVolume(series, () => {});
    grid ??= around(volume, dims);
    sources.set(contrast, { volume: resample(volume, grid), series });
  }
  return sources;
}

function around(volume: Volume, dims: Point3): Grid {
  const own = patientGrid(volume, [1, 1, 1]);
  const shift = mat4.fromTranslation(mat4.create(), own.dims.map((n, r) => (n - dims[r]) / 2) as Point3);
  return { dims, indexToWorld: mat4.multiply(mat4.create(), own.indexToWorld, shift) };
}

/** Writes a volume as the DICOM files of a 3-D series with `like`'s header; values rounded. */
export async function writeSeries(to: string, volume: Volume, like: Dataset): Promise<void> {
  await mkdir(to, { recursive: true });
  const [Columns, Rows, slices] = volume.dims;
  for (let k = 0; k < slices; k++) {
    const plane = volume.data.subarray(k * Columns * Rows, (k + 1) * Columns * Rows);
    const image: Dataset = {
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
      PixelData: Uint16Array.from(plane, Math.round).buffer,
    };
    await writeFile(path.join(to, `${k + 1}.dcm`), Buffer.from(writePart10(image)));
  }
}
