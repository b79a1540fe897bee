import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import dcmjs from 'dcmjs';
import { vec3 } from 'gl-matrix';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type Dataset, numbers, point } from '../dicom/Dataset';
import { readPart10 } from '../dicom/readPart10';
import { DOMAINS } from '../domains';
import type { RoleId } from '../domains/Role';
import { SynthesisError } from '../errors';
import { english } from '../messages/english';
import {
  BROKEN_STUDIES,
  type BrokenStudy,
  type TidyStudy,
  tidyPhantom,
  writeBrokenStudy,
} from '../testing/brokenStudies';
import { namesIn, sentencesIn } from '../testing/sentences';
import { REAL_STUDIES, temporaryFolder } from '../testing/tools';
import { indexToWorld, type Point3, type Volume } from '../volume/Volume';
import { planJob } from './planJob';
import { readStudy } from './readStudy';
import { readVolume } from './readVolume';

/** The images of a folder, by InstanceNumber; PixelData as an ArrayBuffer. */
async function datasetsIn(folder: string): Promise<Dataset[]> {
  const files = await Promise.all((await readdir(folder)).map(name => readFile(path.join(folder, name))));
  return files
    .map(bytes => dcmjs.data.DicomMetaDictionary.naturalizeDataset(readPart10(bytes).elements))
    .map(
      ({ _vrMap, PixelData, ...rest }): Dataset => ({ ...rest, PixelData: (PixelData as ArrayBuffer[])[0] }),
    )
    .sort((a, b) => Number(a.InstanceNumber) - Number(b.InstanceNumber));
}

/** Files give positions to three digits, so one may lie this far off the even spacing of all, mm. */
const ROUNDED = 0.01;

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
    expect(vec3.distance(world, corner)).toBeLessThan(ROUNDED);
    const buffer = image.PixelData as ArrayBuffer;
    const stored = image.PixelRepresentation ? new Int16Array(buffer) : new Uint16Array(buffer);
    const { RescaleSlope = 1, RescaleIntercept = 0 } = image;
    const values = Float32Array.from(stored, v => v * Number(RescaleSlope) + Number(RescaleIntercept));
    const read = data.subarray(k * rows * columns, (k + 1) * rows * columns);
    // One by one in a loop: toEqual takes seconds for a series.
    expect([read.length, read.findIndex((v, n) => v !== values[n])]).toEqual([values.length, -1]);
  }
}

async function breakAndRead(broken: BrokenStudy, tidy: TidyStudy): Promise<void> {
  const { refused, reads, says = '' } = broken;
  const { folder, cleanUp } = await temporaryFolder();
  onTestFinished(cleanUp);
  const truth = await writeBrokenStudy(folder, broken, tidy);
  const warnings: string[] = [];
  const read = async () => {
    const study = await readStudy(folder);
    const plan = planJob(study, DOMAINS[0], { targets: ['flair'] });
    warnings.push(
      ...study.warnings,
      ...plan.rows.filter(row => !row.role).flatMap(row => [row.refused ?? '', ...row.reasons].map(english)),
    );
    const volumes = new Map<RoleId, Volume>();
    for (const [role, series] of plan.sources) volumes.set(role, await readVolume(series, () => {}));
    return volumes;
  };
  if (refused !== undefined) {
    const thrown = await read().catch(error => error);
    expect(thrown).toBeInstanceOf(SynthesisError);
    expect(english(thrown.text)).toContain(refused);
    expect(english(thrown.text)).toMatch(/^[A-Z].*\.$/);
    expect(sentencesIn(english(thrown.text))).toBeLessThanOrEqual(2);
    expect(namesIn(english(thrown.text)).length).toBeLessThanOrEqual(3);
  } else {
    expect(reads).toBeDefined();
    const volumes = await read();
    expect([...volumes.keys()]).toEqual([...truth.keys()]);
    for (const [role, images] of truth) expectVolume(volumes.get(role)!, images);
  }
  expect(warnings.join(' ')).toContain(says);
}

describe('a phantom', () => {
  it.each(BROKEN_STUDIES)('$name', broken => breakAndRead(broken, tidyPhantom(81)));
});

/** A real patient's oblique, thick series; never part of the repository. */
const REAL = path.join(REAL_STUDIES, 'tcga-fg-6692');

describe.skipIf(!existsSync(REAL))('a real study, where there is one', () => {
  let tidy: TidyStudy;
  beforeAll(async () => {
    const [t1, t2] = await Promise.all(['01_t1', '03_t2'].map(name => datasetsIn(path.join(REAL, name))));
    tidy = { t1: t1.slice(0, 20), t2 };
  });

  it.each(BROKEN_STUDIES)('$name', broken => breakAndRead(broken, tidy));
});

it('has its own words for every kind of refusal', () => {
  const sentences = BROKEN_STUDIES.flatMap(({ refused }) => refused ?? []).map(words =>
    words.replace(/[0-9]+/g, 'n'),
  );
  expect(BROKEN_STUDIES.length).toBeGreaterThanOrEqual(40);
  expect(new Set(sentences).size).toBeGreaterThanOrEqual(25);
});
