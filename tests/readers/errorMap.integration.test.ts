import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  type Dataset,
  type ErrorMap,
  gridOf,
  isErrorMapOf,
  isRegionOf,
  isSynthetic,
  parametricMap,
  readDataset,
  readErrorMap,
  segmentation,
  seriesAttributes,
  writePart10,
} from '@modality-synthesis/engine';
import { findOrthanc, startOrthanc } from '@modality-synthesis/viewer/orthanc';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { percentOf } from '../../engine/src/volume/ErrorMap';
import { dciodvfy, isSyntheticDataLine } from './dciodvfy';
import { dcmtk } from './dcmtk';
import { idOf, instancesOf } from './orthanc';
import { pydicom, pythonWithPydicom } from './pydicom';
import { output } from './Reader';
import { makeSubjects, type Subject } from './subjects';

let root: string;
let subject: Subject;
let map: ErrorMap;
/** Files of the map and of its region. */
let files: [string, string];

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'readers-error-map-'));
  [subject] = await makeSubjects(root);
  const { datasets } = subject;
  const grid = gridOf(
    datasets.map(instance => ({ instance })),
    'result',
  );
  if (!('dims' in grid)) throw new Error('The subject has no grid.');
  const voxels = subject.stored.length;
  map = {
    // All values differ, so that a wrong order of frames or rows is detected.
    volume: { ...grid, data: Float32Array.from({ length: voxels }, (_, n) => percentOf(n / 10_000)) },
    unit: 'white-matter',
    region: {
      mask: Uint8Array.from({ length: voxels }, (_, n) => (n % 5 === 0 || n % 7 === 0 ? 1 : 0)),
      text: 'Enhancement cannot be told here.',
    },
  };
  const now = new Date();
  files = [path.join(root, 'map.dcm'), path.join(root, 'region.dcm')];
  const objects = [parametricMap(datasets, map, now), segmentation(datasets, map.region!, now)];
  for (const [n, file] of files.entries()) await writeFile(file, new Uint8Array(writePart10(objects[n])));
});
afterAll(() => rm(root, { recursive: true }));

const objects = [
  ['the Parametric Map', 0],
  ['the Segmentation', 1],
] as const;

describe('dciodvfy', () => {
  it.skipIf(!dciodvfy.version()).each(objects)('accepts %s but for SyntheticData', async (_, n) => {
    const { errors } = await dciodvfy.read({ ...subject, files: [files[n]] });
    expect(errors!.filter(line => !isSyntheticDataLine(line))).toEqual([]);
  });
});

describe('dcmtk', () => {
  it.skipIf(!dcmtk.version()).each(objects)('reads %s', (_, n) => {
    const dump = output('dcmdump', '+U8', '+L', files[n])!;
    expect(dump.split('\n').filter(line => /^[EW]: /.test(line))).toEqual([]);
    expect(dump).toContain('(0028,0008) IS [10]');
  });
});

describe('pydicom', () => {
  const script = `
import base64, json, sys, numpy, pydicom
from pydicom.pixels import apply_rescale, pixel_array
image, region = (pydicom.dcmread(f) for f in sys.argv[1:])
mapping = image.SharedFunctionalGroupsSequence[0].RealWorldValueMappingSequence[0]
percent = pixel_array(sys.argv[1]) * mapping.RealWorldValueSlope + mapping.RealWorldValueIntercept
print(json.dumps({
    'shape': percent.shape,
    'percent': base64.b64encode(numpy.rint(percent * 256).astype('<i4')).decode(),
    'unit': mapping.MeasurementUnitsCodeSequence[0].CodeValue,
    'quantity': mapping.QuantityDefinitionSequence[0].ConceptCodeSequence[0].CodeMeaning,
    'mask': base64.b64encode(region.pixel_array.astype('u1')).decode(),
    'text': region.SegmentSequence[0].SegmentDescription,
    'synthetic': [d[0x0008001C].value for d in (image, region)],
    'positions': [list(f.PlanePositionSequence[0].ImagePositionPatient)
                  for f in image.PerFrameFunctionalGroupsSequence],
}))`;

  it.skipIf(!pydicom.version())('reads per cent and the region, voxel by voxel', () => {
    const { stdout, stderr } = spawnSync(pythonWithPydicom!, ['-c', script, ...files], { encoding: 'utf8' });
    expect(stderr).toBe('');
    const { percent, mask, positions, ...read } = JSON.parse(stdout);
    expect(read).toEqual({
      shape: [10, 20, 24],
      unit: '%',
      quantity: 'Expected absolute error, of the white-matter signal',
      text: map.region!.text,
      synthetic: ['YES', 'YES'],
    });
    const steps = new Int32Array(Uint8Array.from(Buffer.from(percent, 'base64')).buffer);
    expect([...steps]).toEqual(Array.from(map.volume.data, value => value * 256));
    expect([...Buffer.from(mask, 'base64')]).toEqual([...map.region!.mask]);
    expect(positions).toEqual(subject.datasets.map(image => image.ImagePositionPatient));
  });
});

describe('Orthanc', () => {
  it.skipIf(!findOrthanc())('gives back both, found by their result, voxel by voxel', async () => {
    const pacs = await startOrthanc(findOrthanc()!);
    try {
      await pacs.load([...subject.files, ...files]);
      const { StudyInstanceUID, SeriesInstanceUID } = subject.datasets[0];
      const listed = await instancesOf(pacs, String(StudyInstanceUID));
      const read = async (isOne: (instance: Dataset, SeriesInstanceUID: string) => boolean) => {
        const found = listed.filter(instance => isOne(instance, String(SeriesInstanceUID)));
        expect(found).toHaveLength(1);
        expect(isSynthetic(seriesAttributes(found[0]))).toBe(true);
        const file = await fetch(`${pacs.url}/instances/${await idOf(pacs, found[0])}/file`);
        return readDataset(new Uint8Array(await file.arrayBuffer()));
      };
      const { volume, unit, region } = readErrorMap(await read(isErrorMapOf), await read(isRegionOf));
      expect(volume.data).toEqual(map.volume.data);
      expect([...volume.indexToWorld]).toEqual([...map.volume.indexToWorld]);
      expect([unit, region]).toEqual([map.unit, map.region]);
    } finally {
      await pacs.close();
    }
  });
});

it('are read from their files as they were written', async () => {
  const [image, region] = await Promise.all(files.map(async file => readDataset(await readFile(file))));
  expect(readErrorMap(image, region).volume.data).toEqual(map.volume.data);
});
