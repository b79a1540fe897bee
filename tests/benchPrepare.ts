/**
 * `npm run bench:prepare`: the cost of preparation, as ratios of one run. Prepares three sources of 256 x 256
 * x 176 from the demo study (brain and resampling, no registration) and synthesizes on the CPU, in the viewer
 * and as the command line does; network start-up is excluded. Compares resampling with single-threaded
 * scipy.ndimage, where a Python with scipy is installed (PYTHON, else python3).
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { RoleId, Volume } from '@modality-synthesis/engine';
import { startViewer } from '@modality-synthesis/viewer';
import { chromium } from '@playwright/test';
import { mat4 } from 'gl-matrix';
import { Networks } from '../engine/src/backends/Networks';
import { nodeBackends } from '../engine/src/backends/node';
import { completeOptions, openModels, requiredNetworks } from '../engine/src/models';
import { bundleFolder, folderReader } from '../engine/src/node/bundleFolder';
import { LocalExecutor } from '../engine/src/pipeline/LocalExecutor';
import type { OnStep } from '../engine/src/progress';
import { resample } from '../engine/src/volume/resample';
import { type Point3, worldToIndex } from '../engine/src/volume/Volume';
import { launchOptions } from '../playwright.config';
import { fineVolumes, writeFineStudy } from './fineStudy';
import { stageSeconds } from './stageSeconds';

const DIMS: Point3 = [256, 256, 176];

async function onCommandLine(volumes: Map<RoleId, Volume>): Promise<void> {
  const folders = {
    bundle: bundleFolder('bundle', undefined),
    regionBundle: bundleFolder('brain-bundle', undefined),
  };
  const models = await openModels(folders, folderReader);
  const { region, synthesis } = models;
  const { domain } = synthesis.manifest;
  const [reference] = volumes.keys();
  const options = completeOptions(synthesis);
  const placement = { backend: 'cpu', precision: 'fp32' } as const;
  const networks = new Networks(nodeBackends(), { reader: folderReader });
  for (const wanted of Object.values(
    requiredNetworks(models, [...volumes.keys()], [{ id: 'flair' }], options),
  ))
    await networks.use(placement, wanted, {}, async () => {});
  const executor = new LocalExecutor(networks);
  const job = await executor.open({ sources: structuredClone(volumes), reference, domain });
  const began = performance.now();
  await job.findRegion({ bundle: region, ...placement }, {});
  const found = performance.now();
  let prepared = found;
  const onStep: OnStep = ({ stage }) => {
    if (stage === 'prepare') prepared = performance.now();
  };
  const targets = [{ id: 'flair' as const }];
  const input = { bundle: synthesis, targets, options, seed: 1, ...placement };
  await job.synthesize(input, { onStep });
  const ended = performance.now();
  await executor.release();
  const seconds = [found - began, prepared - found, ended - prepared].map(ms => ms / 1000);
  report('Command line, onnxruntime-node', seconds);
}

/** The same sources as DICOM, in the viewer on WebAssembly. */
async function inViewer(volumes: ReadonlyMap<RoleId, Volume>): Promise<void> {
  const study = mkdtempSync(path.join(os.tmpdir(), 'bench-prepare-'));
  const browser = await chromium.launch(launchOptions);
  let viewer: Awaited<ReturnType<typeof startViewer>> | undefined;
  try {
    await writeFineStudy(study, volumes);
    viewer = await startViewer({ studies: [study] });
    const page = await browser.newPage({ viewport: { width: 1500, height: 900 } });
    const query = `StudyInstanceUIDs=${viewer.studies[0].uid}&synthesisProvider=wasm`;
    const { own, whole } = await stageSeconds(page, `${viewer.url}/synthesis?${query}`);
    report('Viewer, WebAssembly', [own.brain, own.prepare, whole.images]);
  } finally {
    await viewer?.close();
    await browser.close();
    rmSync(study, { recursive: true, force: true });
  }
}

/** @param seconds of brain extraction, of resampling and scaling, and of the remaining job */
function report(where: string, [brain, resampling, synthesis]: readonly number[]): void {
  const share = (100 * (brain + resampling)) / synthesis;
  console.log(
    `${where}: preparing three sources of ${DIMS.join(' x ')} takes ${brain.toFixed(2)} s for the brain and ${resampling.toFixed(2)} s for ` +
      `resampling and scaling; synthesis ${synthesis.toFixed(1)} s: preparation is ${share.toFixed(1)} % of it.`,
  );
}

const SCIPY = `
import json, sys, time
import numpy as np
from scipy.ndimage import affine_transform
job = json.load(open(sys.argv[1] + '/job.json'))
volume = np.fromfile(sys.argv[1] + '/volume', dtype=np.float32).reshape(job['dims'][::-1])
matrix = np.array(job['matrix']).reshape(4, 4).T
flip = matrix[:3, :3][::-1, ::-1], matrix[:3, 3][::-1]
seconds = []
for _ in range(3):
    start = time.perf_counter()
    out = affine_transform(volume, *flip, output_shape=job['dims'][::-1], order=1)
    seconds.append(time.perf_counter() - start)
out.astype(np.float32).tofile(sys.argv[1] + '/out')
print(min(seconds))
`;

/** Resamples a source to a grid of its size, rotated or only shifted, with our code and scipy. */
function besideScipy(volume: Volume, name: string, turn: mat4): void {
  const python = process.env.PYTHON ?? 'python3';
  if (spawnSync(python, ['-c', 'import scipy']).status !== 0) {
    console.log('Skipped scipy: PYTHON names no Python with scipy.');
    return;
  }
  const grid = { dims: volume.dims, indexToWorld: mat4.multiply(mat4.create(), turn, volume.indexToWorld) };
  const folder = mkdtempSync(path.join(os.tmpdir(), 'bench-prepare-'));
  try {
    const matrix = mat4.multiply(mat4.create(), worldToIndex(volume), grid.indexToWorld);
    writeFileSync(path.join(folder, 'volume'), volume.data);
    writeFileSync(path.join(folder, 'job.json'), JSON.stringify({ dims: volume.dims, matrix: [...matrix] }));
    const { stdout, stderr } = spawnSync(python, ['-c', SCIPY, folder], { encoding: 'utf8' });
    const theirs = Number(stdout);
    if (!(theirs > 0)) throw new Error(stderr);
    let own = Number.POSITIVE_INFINITY;
    let made = volume;
    for (let n = 0; n < 3; n++) {
      const start = performance.now();
      made = resample(volume, grid);
      own = Math.min(own, (performance.now() - start) / 1000);
    }
    const bytes = readFileSync(path.join(folder, 'out'));
    const other = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
    // At the border scipy gives 0, where we extend the outer half voxel.
    const apart =
      made.data.reduce((n, v, i) => n + (Math.abs(v - other[i]) > 0.01 ? 1 : 0), 0) / other.length;
    console.log(
      `Resampling ${DIMS.join(' x ')}, ${name}: ${own.toFixed(2)} s, scipy ${theirs.toFixed(2)} s, ratio ${(own / theirs).toFixed(2)}; ` +
        `${(100 * apart).toFixed(2)} % of the voxels differ (the outer half voxel).`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const volumes = await fineVolumes(DIMS);
const [first] = volumes.values();
besideScipy(first, 'shifted', mat4.fromTranslation(mat4.create(), [0.3, -0.4, 0.2]));
besideScipy(first, 'turned', mat4.fromRotation(mat4.create(), 0.1, [1, 2, 3]));
await onCommandLine(volumes);
await inViewer(volumes);
