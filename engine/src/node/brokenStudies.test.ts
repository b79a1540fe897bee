import { vec3 } from 'gl-matrix';
import { expect, it, onTestFinished } from 'vitest';
import { BROKEN_STUDIES, writeBrokenStudy } from '../../../tests/e2e/support/brokenStudies';
import type { Dataset } from '../dicom/Dataset';
import { SynthesisError } from '../errors';
import { numbers, point } from '../series/attributes';
import { indexToWorld, type Point3, type Volume } from '../volume/Volume';
import { planJob } from './planJob';
import { readStudy } from './readStudy';
import { readSources } from './studyJob';
import { temporaryFolder } from './testing/tools';

/** Every voxel where its own image says it lies, with the value its own image stores there. */
function expectVolume({ dims, data, ...grid }: Volume, images: readonly Dataset[]): void {
  const [columns, rows] = dims;
  expect(dims).toEqual([Number(images[0].Columns), Number(images[0].Rows), images.length]);
  for (const [k, image] of images.entries()) {
    const o = numbers(image.ImageOrientationPatient, 6)!;
    const [sj, si] = numbers(image.PixelSpacing, 2)!;
    const corner = vec3.clone(point(image.ImagePositionPatient)!);
    vec3.scaleAndAdd(corner, corner, o.slice(0, 3) as Point3, si * (columns - 1));
    vec3.scaleAndAdd(corner, corner, o.slice(3) as Point3, sj * (rows - 1));
    const world = indexToWorld({ dims, ...grid }, [columns - 1, rows - 1, k]);
    expect(vec3.distance(world, corner)).toBeLessThan(1e-3);
    const buffer = image.PixelData as ArrayBuffer;
    const stored = image.PixelRepresentation ? new Int16Array(buffer) : new Uint16Array(buffer);
    const { RescaleSlope = 1, RescaleIntercept = 0 } = image;
    const values = Float32Array.from(stored, v => v * Number(RescaleSlope) + Number(RescaleIntercept));
    expect(data.subarray(k * rows * columns, (k + 1) * rows * columns)).toEqual(values);
  }
}

it.each(BROKEN_STUDIES)('$name', async broken => {
  const { refused, reads, says = '' } = broken;
  const { folder, cleanUp } = await temporaryFolder();
  onTestFinished(cleanUp);
  const truth = await writeBrokenStudy(folder, broken, 81);
  const warnings: string[] = [];
  const read = async () => {
    const study = await readStudy(folder);
    const plan = planJob(study, { targets: ['t1ce'] });
    warnings.push(...study.warnings, ...plan.left.flatMap(row => [row.refused ?? '', ...row.reasons]));
    return (await readSources(plan, () => {})).volumes;
  };
  if (refused !== undefined) {
    const thrown = await read().catch(error => error);
    expect(thrown).toBeInstanceOf(SynthesisError);
    expect(thrown.message).toContain(refused);
    // One plain sentence, or two where files were left out.
    expect(thrown.message).toMatch(/^[A-Z].*\.$/);
  } else {
    expect(reads).toBeDefined();
    const volumes = await read();
    expect([...volumes.keys()]).toEqual([...truth.keys()]);
    for (const [contrast, images] of truth) expectVolume(volumes.get(contrast)!, images);
  }
  expect(warnings.join(' ')).toContain(says);
});

it('has its own words for every kind of refusal', () => {
  const sentences = BROKEN_STUDIES.flatMap(({ refused }) => refused ?? []).map(words =>
    words.replace(/[0-9]+/g, 'n'),
  );
  expect(BROKEN_STUDIES.length).toBeGreaterThanOrEqual(40);
  expect(new Set(sentences).size).toBeGreaterThanOrEqual(25);
});
