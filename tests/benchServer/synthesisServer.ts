/**
 * A synthesis server such as a hospital would run: `POST /` with a `ServerJob` retrieves the study over
 * DICOMweb, synthesizes with onnxruntime-node on every core, and stores the series over DICOMweb. It keeps
 * its networks for the next job, as the viewer does, and waits for nothing. Prints its port once it listens.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { json } from 'node:stream/consumers';
import { makeSeries, measureSources, type RoleId, writePart10 } from '@modality-synthesis/engine';
import { Networks } from '../../engine/src/backends/Networks';
import { nodeBackends } from '../../engine/src/backends/node';
import { completeOptions, completeTargets, domainOfModel, openModels } from '../../engine/src/models';
import { bundleFolder, folderReader } from '../../engine/src/node/bundleFolder';
import { planJob } from '../../engine/src/node/planJob';
import { readStudy } from '../../engine/src/node/readStudy';
import { readVolume } from '../../engine/src/node/readVolume';
import { LocalExecutor } from '../../engine/src/pipeline/LocalExecutor';
import { retrieveStudy, storeInstances } from './dicomweb';

export interface ServerJob {
  /** Root of the PACS's DICOMweb. */
  root: string;
  study: string;
  target: RoleId;
}

/** What the server did, in seconds and bytes. */
export interface ServerAnswer {
  SeriesInstanceUID: string;
  retrieve: number;
  synthesize: number;
  store: number;
  retrieved: number;
  stored: number;
}

const models = await openModels(
  { bundle: bundleFolder('bundle'), regionBundle: bundleFolder('brain-bundle') },
  folderReader,
);
const executor = new LocalExecutor(new Networks(nodeBackends(), { reader: folderReader }));
const ports = { study: { images: ({ files }: FileImages) => files, readVolume }, executor };
type FileImages = Awaited<ReturnType<typeof readStudy>>['series'][number];

/** Synthesizes what `folder` holds. @returns Part-10 files of the derived series, and its UID */
async function synthesize(folder: string, target: RoleId) {
  const { synthesis } = models;
  const study = await readStudy(folder);
  const job = {
    plan: planJob(study, domainOfModel(synthesis), { targets: [target] }),
    models,
    targets: completeTargets(synthesis, [{ id: target }]),
    options: completeOptions(synthesis),
    seed: 1,
    placement: { backend: 'cpu', precision: 'fp32' } as const,
  };
  const measured = await measureSources(job, ports, {});
  const { series } = await makeSeries(job, measured, ports.study, {});
  measured.open.close();
  const [{ SeriesInstanceUID, datasets }] = series;
  return { SeriesInstanceUID, files: datasets.map(dataset => new Uint8Array(writePart10(dataset))) };
}

async function run({ root, study, target }: ServerJob): Promise<ServerAnswer> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'synthesis-server-'));
  try {
    const began = performance.now();
    const images = await retrieveStudy(root, study);
    await Promise.all(images.map((bytes, n) => writeFile(path.join(folder, `${n}.dcm`), bytes)));
    const retrieved = performance.now();
    const { SeriesInstanceUID, files } = await synthesize(folder, target);
    const synthesized = performance.now();
    const stored = await storeInstances(root, files);
    return {
      SeriesInstanceUID,
      retrieve: (retrieved - began) / 1000,
      synthesize: (synthesized - retrieved) / 1000,
      store: (performance.now() - synthesized) / 1000,
      retrieved: images.reduce((sum, bytes) => sum + bytes.length, 0),
      stored,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const server = http.createServer(async (request, response) => {
  try {
    response.end(JSON.stringify(await run((await json(request)) as ServerJob)));
  } catch (error) {
    response.writeHead(500).end(String(error));
  }
});
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port));
