/**
 * A read-only DICOMweb server over folders, for demo and tests without a PACS: the part of QIDO-RS and
 * WADO-RS (PS3.18) that OHIF's `dicomweb` source uses. Refuses STOW-RS with a message.
 */
import { readFile } from 'node:fs/promises';
import express, { type Request, type Response, type Router } from 'express';
import { UserError } from '../kit/src';
import { DamagedFile, type DicomFile, readBulkData, readFrames } from './dicomFile';
import type { DicomJson } from './dicomJson';
import { buildMultipart, frameContentType } from './multipart';
import { describeInstance, describeSeries, describeStudy, type Level, type Query, search } from './qido';
import type { Study, StudyIndex } from './studyIndex';

export const DICOMWEB_ROOT = '/dicom-web';
export const WADO_URI_ROOT = '/wado';

/** Routes below the web root, under both names above. */
export function dicomwebRouter({ studies }: StudyIndex): Router {
  const router = express.Router();
  const study = `${DICOMWEB_ROOT}/studies/:study`;
  const series = `${study}/series/:series`;
  const instance = `${series}/instances/:instance`;

  const filesOf = (request: Request) => selectFiles(studies, request.params);
  const answer = (response: Response, level: Level, all: readonly DicomJson[], request: Request) =>
    sendJson(response, search(all, level, queryOf(request)));

  // QIDO-RS
  router.get(`${DICOMWEB_ROOT}/studies`, (request, response) =>
    answer(response, 'study', studies.map(describeStudy), request),
  );
  router.get(`${study}/series`, (request, response) => {
    const found = studies.find(({ uid }) => uid === request.params.study);
    answer(response, 'series', found?.series.map(describeSeries) ?? [], request);
  });
  router.get([`${study}/instances`, `${series}/instances`], (request, response) =>
    answer(response, 'instance', filesOf(request).map(describeInstance), request),
  );

  // WADO-RS
  router.get([`${study}/metadata`, `${series}/metadata`, `${instance}/metadata`], (request, response) => {
    const files = filesOf(request);
    if (files.length)
      sendJson(
        response,
        files.map(file => file.metadata),
      );
    else notFound(response);
  });
  router.get([`${instance}/frames/:frames`], (request, response, next) => {
    const [file] = filesOf(request);
    if (file) sendFrames(response, file, request.params.frames ?? '').catch(next);
    else notFound(response);
  });
  router.get(`${instance}/bulkdata/:tag`, (request, response, next) => {
    const [file] = filesOf(request);
    if (file) sendBulkData(response, file, request.params.tag ?? '').catch(next);
    else notFound(response);
  });
  router.get([instance, series, study], (request, response, next) => {
    const files = filesOf(request);
    if (files.length) sendFiles(response, files).catch(next);
    else notFound(response);
  });

  // WADO-URI
  router.get(WADO_URI_ROOT, (request, response, next) => {
    const { requestType, studyUID, seriesUID, objectUID } = request.query;
    if (requestType !== 'WADO' || typeof objectUID !== 'string') {
      response.status(400).send('A WADO-URI request needs requestType=WADO and objectUID.');
      return;
    }
    const wanted = {
      instance: objectUID,
      ...(studyUID && { study: String(studyUID) }),
      ...(seriesUID && { series: String(seriesUID) }),
    };
    const [file] = selectFiles(studies, wanted);
    if (file) readFile(file.path).then(bytes => response.type('application/dicom').send(bytes), next);
    else notFound(response);
  });

  router.use([DICOMWEB_ROOT, WADO_URI_ROOT], (request, response) => {
    if (request.method === 'GET') response.status(404).send('This server has no such DICOMweb resource.');
    else
      response
        .status(405)
        .set('Allow', 'GET')
        .send('This server is read-only: to store, start the viewer with a PACS.');
  });
  router.use((error: unknown, _request: Request, response: Response, next: (error: unknown) => void) => {
    if (error instanceof UserError)
      response.status(error instanceof DamagedFile ? 500 : 404).send(error.message);
    else next(error);
  });
  return router;
}

function selectFiles(
  studies: readonly Study[],
  wanted: { study?: string; series?: string; instance?: string },
): DicomFile[] {
  const among = <T>(all: readonly T[], uidOf: (item: T) => string, uid: string | undefined) =>
    uid === undefined ? all : all.filter(item => uidOf(item) === uid);
  return among(studies, study => study.uid, wanted.study)
    .flatMap(study => among(study.series, series => series.uid, wanted.series))
    .flatMap(series => among(series.files, file => file.instanceUid, wanted.instance));
}

function queryOf(request: Request): Query {
  const { searchParams } = new URL(request.originalUrl, 'http://localhost');
  return Object.fromEntries([...searchParams.keys()].map(name => [name, searchParams.getAll(name)]));
}

function sendJson(response: Response, body: readonly DicomJson[]): void {
  response.type('application/dicom+json').send(JSON.stringify(body));
}

async function sendFrames(response: Response, file: DicomFile, list: string): Promise<void> {
  const numbers = list.split(',').map(Number);
  if (!numbers.every(number => Number.isInteger(number) && number > 0)) {
    response.status(400).send('Frames are whole numbers from 1, separated by commas.');
    return;
  }
  const contentType = frameContentType(file.transferSyntaxUid);
  const frames = await readFrames(file, numbers);
  sendMultipart(
    response,
    frames.map(bytes => ({ contentType, bytes })),
  );
}

async function sendBulkData(response: Response, file: DicomFile, tag: string): Promise<void> {
  const bytes = await readBulkData(file, tag.toUpperCase());
  if (bytes) sendMultipart(response, [{ contentType: 'application/octet-stream', bytes }]);
  else notFound(response);
}

async function sendFiles(response: Response, files: readonly DicomFile[]): Promise<void> {
  const bytes = await Promise.all(files.map(file => readFile(file.path)));
  sendMultipart(
    response,
    bytes.map(one => ({ contentType: 'application/dicom', bytes: one })),
  );
}

function sendMultipart(response: Response, parts: Parameters<typeof buildMultipart>[0]): void {
  const { contentType, body } = buildMultipart(parts);
  // setHeader, not type(), which adds a charset.
  response.setHeader('Content-Type', contentType);
  response.end(body);
}

function notFound(response: Response): void {
  response.status(404).send('This server has no such study, series or instance.');
}
