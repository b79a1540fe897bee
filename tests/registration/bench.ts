/**
 * `npm run bench:registration`: known motions put into a real study are looked for, the pairs of another are
 * compared with elastix where a Python with itk-elastix is named by ELASTIX_PYTHON, and checkerboards are
 * drawn to be looked at. Writes docs/registration.md. Patients' pictures go to test-results/registration,
 * which is no part of the repository.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DOMAINS, type Volume } from '@modality-synthesis/engine';
import { moved } from '@modality-synthesis/engine/testing/movedHead';
import { mat4 } from 'gl-matrix';
import type { Alignment } from '../../engine/src/registration/Alignment';
import { align } from '../../engine/src/registration/align';
import { motionOf, rigidMatrix } from '../../engine/src/registration/rigid';
import { resample } from '../../engine/src/volume/resample';
import { volumesOf } from '../studySources';
import { checkerboard } from './checkerboard';
import { centreOf, cornerError, type Volumes } from './measuring';
import { motions } from './motions';

const root = path.resolve(import.meta.dirname, '../..');
const pictures = path.join(root, 'test-results/registration');
const studyFolder = (name: string) => path.resolve(root, '../shared/studies', name);

const pair = (reference: Volume, source: Volume): Volumes =>
  new Map([['t1', reference]]).set('flair', source) as Volumes;
const registered = (v: Volume, { transform }: Alignment) => moved(v, transform);

const middle = (values: number[]) => [...values].sort((a, b) => a - b)[values.length >> 1];

/** One line of the table: how far from the truth the motions were found. */
async function knownMotions(
  name: string,
  count: number,
  degrees: number,
  mm: number,
  volumes: Volumes,
): Promise<string> {
  const [t1, flair] = [volumes.get('t1')!, volumes.get('flair')!];
  const centre = centreOf(t1);
  const errors: number[] = [];
  const angles: number[] = [];
  for (const motion of motions(count, degrees, mm, 7)) {
    const truth = rigidMatrix(motion, centre);
    // Far motions by the header alone: on its own lattice, a third of the head would be cut off.
    const source = mm > 20 ? moved(flair, truth) : { ...flair, ...resample(moved(flair, truth), flair) };
    const { transform } = (await align(pair(t1, source), 't1', DOMAINS[0].registration)).get('flair')!;
    const rest = mat4.multiply(mat4.create(), transform, truth);
    errors.push(cornerError(rest, centre));
    angles.push(motionOf(rest, centre).degrees);
    console.log(`${name}: ${errors.at(-1)!.toFixed(2)} mm, ${angles.at(-1)!.toFixed(2)} degrees off`);
  }
  const cells = [middle(errors), Math.max(...errors), middle(angles), Math.max(...angles)].map(v =>
    v.toFixed(2),
  );
  return `| ${name} | ${count} | ${cells.join(' | ')} |`;
}

/** Every pair of a study, registered here and by elastix: what was found and how far the two are apart. */
async function againstElastix(study: string, volumes: Volumes, python: string): Promise<string[]> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'registration-'));
  try {
    const named = [...volumes].map(([role, { data, dims, indexToWorld: m }]) => {
      writeFileSync(path.join(folder, role), data);
      return { role, meta: { file: role, dims, indexToWorld: [...m] } };
    });
    const pairs = named.flatMap((a, i) => named.slice(i + 1).map(b => [a, b] as const));
    writeFileSync(
      path.join(folder, 'pairs.json'),
      JSON.stringify(pairs.map(([a, b]) => ({ fixed: a.meta, moving: b.meta }))),
    );
    const args = [path.join(import.meta.dirname, 'elastix.py'), folder];
    const { stdout, stderr, status } = spawnSync(python, args, { encoding: 'utf8', maxBuffer: 1e8 });
    if (status !== 0) throw new Error(stderr);
    const found = JSON.parse(stdout.trim().split('\n').at(-1)!) as number[][][];
    const lines: string[] = [];
    for (const [n, [a, b]] of pairs.entries()) {
      const [reference, source] = [volumes.get(a.role)!, volumes.get(b.role)!];
      const own = (
        await align(new Map([a, b].map(v => [v.role, volumes.get(v.role)!])), a.role, DOMAINS[0].registration)
      ).get(b.role)!;
      const theirs = mat4.transpose(mat4.create(), found[n].flat() as unknown as mat4);
      const apart = mat4.multiply(mat4.create(), own.transform, theirs);
      const name = `${DOMAINS[0].roles[b.role]} onto ${DOMAINS[0].roles[a.role]}`;
      const centre = centreOf(reference);
      const motion = motionOf(apart, centre);
      lines.push(
        `| ${name} | ${own.millimetres.toFixed(1)} mm, ${own.degrees.toFixed(1)} degrees | ${motion.millimetres.toFixed(2)} | ${motion.degrees.toFixed(2)} |`,
      );
      console.log(lines.at(-1));
      writeFileSync(
        path.join(pictures, `${study}-${b.role}-onto-${a.role}.png`),
        checkerboard(reference, registered(source, own)),
      );
    }
    return lines;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The phantom with its T2 moved by the header, before and after: for docs/images. */
async function phantomPictures(): Promise<void> {
  const volumes = await volumesOf(path.join(root, 'viewer/demo-study/dicom'));
  const t1 = volumes.get('t1')!;
  const t2 = moved(volumes.get('t2')!, rigidMatrix([0.12, -0.05, 0.14, 8, -6, 5], centreOf(t1)));
  const found = (await align(pair(t1, t2), 't1', DOMAINS[0].registration)).get('flair')!;
  const images = path.join(root, 'docs/images');
  writeFileSync(path.join(images, 'registration-before.png'), checkerboard(t1, t2));
  writeFileSync(path.join(images, 'registration-after.png'), checkerboard(t1, registered(t2, found)));
}

async function main(): Promise<void> {
  mkdirSync(pictures, { recursive: true });
  await phantomPictures();
  const [still, tilted] = ['openms-26', 'tcga-fg-6692'].map(studyFolder);
  if (!existsSync(still) || !existsSync(tilted)) {
    console.log('Skipped the real studies: they are not on this machine.');
    return;
  }
  const volumes = await volumesOf(still);
  const rows = [
    await knownMotions('up to 15 degrees and 15 mm, resampled', 20, 15, 15, volumes),
    await knownMotions('up to 15 degrees and 60 mm, by the header', 5, 15, 60, volumes),
  ];
  const python = process.env.ELASTIX_PYTHON;
  const compared = python ? await againstElastix('tcga-fg-6692', await volumesOf(tilted), python) : [];
  if (!python)
    console.log('Skipped the comparison with elastix: ELASTIX_PYTHON names no Python with itk-elastix.');
  const page = [
    '# Registration',
    '',
    'Written by `npm run bench:registration`. The motion between each source and the reference is measured from the images and',
    'corrected before anything else. Method: `engine/src/registration`. Whether wrong pairs are told from right ones:',
    '[registration-acceptance.md](registration-acceptance.md).',
    '',
    '## Known motions',
    '',
    'FLAIR of a skull-stripped, co-registered study of 61 slices of 3 mm, moved at random and registered to its T1. The error is that at',
    "the corners of a 100 mm cube around the head's middle; without any motion the pair itself reads about 0.3 mm.",
    '',
    '| motion | cases | median, mm | worst, mm | median, degrees | worst, degrees |',
    '|---|---|---|---|---|---|',
    ...rows,
    '',
    ...(compared.length
      ? [
          '## Beside elastix',
          '',
          'A study whose contrasts were taken on different planes (26 slices of 5.5 mm), the head tilted between them, all under one',
          'FrameOfReferenceUID. What was found here, and how far elastix (itk-elastix, rigid, mutual information) is from it in the',
          'middle of the volume.',
          '',
          '| pair | found | apart, mm | apart, degrees |',
          '|---|---|---|---|',
          ...compared,
          '',
        ]
      : []),
    '## Phantom',
    '',
    'Fields of T1 and of a T2 that was moved by 11 mm and 11 degrees, by turns, before and after:',
    '',
    '![Before: edges are broken from field to field](images/registration-before.png)',
    '',
    '![After: edges run through](images/registration-after.png)',
    '',
  ];
  writeFileSync(path.join(root, 'docs/registration.md'), page.join('\n'));
  console.log(page.join('\n'));
}

await main();
