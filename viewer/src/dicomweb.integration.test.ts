import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import express from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DicomJson } from './dicomJson';
import { DICOMWEB_ROOT, dicomwebRouter } from './dicomweb';
import { indexStudies, type StudyIndex } from './studyIndex';
import { syntheticDicom, writeSyntheticDicom } from './syntheticDicom';

const frames = [
  [1, 2, 3, 4],
  [5, 6, 7, 8],
];
const study = { studyUid: '1.1', seriesUid: '1.1.2', seriesNumber: 2 };

let folder: string;
let index: StudyIndex;
let server: Server;
let origin: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'dicomweb-'));
  await mkdir(path.join(folder, 'deep/er'), { recursive: true });
  // In an order which is not that of the instance numbers.
  await writeSyntheticDicom(path.join(folder, 'a.dcm'), {
    ...study,
    instanceUid: '1.1.2.2',
    instanceNumber: 2,
    frames: [[9, 9, 9, 9]],
  });
  await writeSyntheticDicom(path.join(folder, 'deep/er/b'), {
    ...study,
    instanceUid: '1.1.2.1',
    instanceNumber: 1,
    frames,
  });
  await writeSyntheticDicom(path.join(folder, 'c.dcm'), { ...study, instanceUid: '1.1.2.1', frames });
  await writeSyntheticDicom(path.join(folder, 'jpeg.dcm'), {
    studyUid: '1.1',
    seriesUid: '1.1.1',
    instanceUid: '1.1.1.1',
    frames: [[42, 43, 44, 45]],
    transferSyntaxUid: '1.2.840.10008.1.2.4.90',
  });
  await writeSyntheticDicom(path.join(folder, 'other.dcm'), {
    studyUid: '1.3',
    seriesUid: '1.3.1',
    instanceUid: '1.3.1.1',
    patientName: 'Somebody^Else',
    frames: [[0, 0, 0, 0]],
  });
  for (const [name, image] of [
    ['early.dcm', { instanceUid: '1.4.1.1' }],
    ['earlyJpeg.dcm', { instanceUid: '1.4.1.2', transferSyntaxUid: '1.2.840.10008.1.2.4.90' }],
  ] as const) {
    const bytes = syntheticDicom({ studyUid: '1.4', seriesUid: '1.4.1', frames, ...image });
    await writeFile(path.join(folder, name), bytes.subarray(0, -1));
  }
  // The same SOPInstanceUID in two series.
  for (const seriesUid of ['1.5.1', '1.5.2']) {
    const image = { studyUid: '1.5', seriesUid, instanceUid: '1.5.9', frames: [[1, 2, 3, 4]] };
    await writeSyntheticDicom(path.join(folder, `${seriesUid}.dcm`), image);
  }
  await writeFile(path.join(folder, 'notes.txt'), 'no DICOM');
  const whole = syntheticDicom({ ...study, instanceUid: '1.9', frames });
  await writeFile(path.join(folder, 'cut.dcm'), whole.subarray(0, 200));

  index = await indexStudies([folder], DICOMWEB_ROOT);
  server = express().use(dicomwebRouter(index)).listen(0, '127.0.0.1');
  await new Promise(resolve => server.once('listening', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true });
});

const json = async (url: string) => (await (await fetch(origin + url)).json()) as DicomJson[];
const values = (answers: DicomJson[], tag: string) => answers.map(answer => answer[tag]?.Value?.[0]);
const body = async (url: string) => {
  const response = await fetch(origin + url);
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    bytes: Buffer.from(await response.arrayBuffer()),
  };
};
/** Bytes of the n-th part. */
const part = (bytes: Buffer, n: number) => {
  const boundary = bytes.subarray(0, bytes.indexOf('\r\n')).toString('latin1');
  const text = bytes.toString('latin1').split(boundary)[n + 1] ?? '';
  return [...Buffer.from(text.slice(text.indexOf('\r\n\r\n') + 4, -2), 'latin1')];
};

describe('indexStudies', () => {
  it('counts what it leaves out', () => {
    expect(index.warnings).toEqual([
      'Left out 1 files which are not DICOM.',
      'Left out 1 DICOM files which are damaged or belong to no study: copy them from their source again.',
      'Left out 1 copies of instances already read.',
    ]);
  });

  it('takes images of two series for two, though they share a UID', () => {
    const series = index.studies.find(({ uid }) => uid === '1.5')?.series;
    expect(series?.map(({ uid, files }) => [uid, files.length])).toEqual([
      ['1.5.1', 1],
      ['1.5.2', 1],
    ]);
  });

  it('says in one text that a folder is not there', async () => {
    await expect(indexStudies([path.join(folder, 'none')], '')).rejects.toThrow(
      /There is no folder .*none\./,
    );
  });
});

describe('QIDO-RS', () => {
  it('lists studies with counts and modalities', async () => {
    const studies = await json(
      '/dicom-web/studies?limit=101&offset=0&fuzzymatching=false&includefield=00081030',
    );
    expect(values(studies, '0020000D')).toEqual(['1.5', '1.1', '1.4', '1.3']);
    expect(values(studies, '00201206')).toEqual([2, 2, 1, 1]);
    expect(values(studies, '00201208')).toEqual([2, 3, 2, 1]);
    expect(values(studies, '00080061')).toEqual(['MR', 'MR', 'MR', 'MR']);
  });

  it('filters as the study list does', async () => {
    expect(values(await json('/dicom-web/studies?PatientName=*some*'), '0020000D')).toEqual(['1.3']);
    expect(await json('/dicom-web/studies?StudyDate=20210101-20211231')).toEqual([]);
  });

  it('lists series by number and instances by number', async () => {
    expect(values(await json('/dicom-web/studies/1.1/series'), '0020000E')).toEqual(['1.1.1', '1.1.2']);
    expect(values(await json('/dicom-web/studies/1.1/series/1.1.2/instances'), '00080018')).toEqual([
      '1.1.2.1',
      '1.1.2.2',
    ]);
    expect(await json('/dicom-web/studies/1.7/series')).toEqual([]);
  });
});

describe('WADO-RS', () => {
  it('tells everything but the pixels', async () => {
    const [first] = await json('/dicom-web/studies/1.1/series/1.1.2/metadata');
    expect(first?.['00200032']).toEqual({ vr: 'DS', Value: [-1.5, 0, 2.25] });
    expect(first?.['00080050']).toEqual({ vr: 'SH' });
    expect(first?.['7FE00010']).toEqual({
      vr: 'OW',
      BulkDataURI: '/dicom-web/studies/1.1/series/1.1.2/instances/1.1.2.1/bulkdata/7FE00010',
    });
    expect(await json('/dicom-web/studies/1.1/metadata')).toHaveLength(3);
  });

  it('sends one frame or several, as they are', async () => {
    const one = await body('/dicom-web/studies/1.1/series/1.1.2/instances/1.1.2.1/frames/2');
    expect(one.type).toMatch(/^multipart\/related; type="application\/octet-stream"; boundary=/);
    expect(part(one.bytes, 0)).toEqual(frames[1]);
    const both = await body('/dicom-web/studies/1.1/series/1.1.2/instances/1.1.2.1/frames/2,1');
    expect([part(both.bytes, 0), part(both.bytes, 1)]).toEqual([frames[1], frames[0]]);
  });

  it('passes compressed frames on, with their transfer syntax', async () => {
    const { bytes } = await body('/dicom-web/studies/1.1/series/1.1.1/instances/1.1.1.1/frames/1');
    expect(bytes.toString('latin1')).toContain(
      'Content-Type: image/jp2; transfer-syntax=1.2.840.10008.1.2.4.90\r\n',
    );
    expect(part(bytes, 0)).toEqual([42, 43, 44, 45]);
  });

  it('sends bulk data and whole files', async () => {
    const bulk = await body('/dicom-web/studies/1.1/series/1.1.2/instances/1.1.2.1/bulkdata/7FE00010');
    expect(part(bulk.bytes, 0)).toEqual(frames.flat());
    const file = await body('/dicom-web/studies/1.3/series/1.3.1/instances/1.3.1.1');
    expect(file.type).toContain('type="application/dicom"');
    expect(String.fromCharCode(...part(file.bytes, 0).slice(128, 132))).toBe('DICM');
  });

  it.each(['frames/1', 'frames/2', 'bulkdata/7FE00010'])(
    'serves no %s of a file that ends early',
    async what => {
      const instance = `/dicom-web/studies/1.4/series/1.4.1/instances`;
      for (const [uid, name] of [
        ['1.4.1.1', 'early.dcm'],
        ['1.4.1.2', 'earlyJpeg.dcm'],
      ]) {
        const { status, bytes } = await body(`${instance}/${uid}/${what}`);
        expect(status).toBe(500);
        expect(bytes.toString()).toBe(
          `The file ${path.join(folder, name)} ends before its pixels do: copy it from its source again.`,
        );
      }
    },
  );

  it('says what is missing', async () => {
    expect((await body('/dicom-web/studies/1.1/series/1.1.2/instances/1.1.2.1/frames/3')).status).toBe(404);
    expect((await body('/dicom-web/studies/1.1/series/1.1.2/instances/1.1.2.1/frames/x')).status).toBe(400);
    expect((await body('/dicom-web/studies/1.1/series/1.3.1/metadata')).status).toBe(404);
    expect((await body('/dicom-web/patients')).status).toBe(404);
  });
});

describe('WADO-URI', () => {
  it('sends the file', async () => {
    const file = await body(
      '/wado?requestType=WADO&studyUID=1.1&seriesUID=1.1.2&objectUID=1.1.2.2&contentType=application/dicom',
    );
    expect(file.type).toMatch(/^application\/dicom/);
    expect(file.bytes.subarray(128, 132).toString()).toBe('DICM');
    expect((await body('/wado?requestType=WADO')).status).toBe(400);
  });
});

describe('STOW-RS', () => {
  it('is refused in one text', async () => {
    const response = await fetch(`${origin}/dicom-web/studies`, { method: 'POST', body: 'x' });
    expect(response.status).toBe(405);
    expect(await response.text()).toBe('This server is read-only: to store, start the viewer with a PACS.');
  });
});
