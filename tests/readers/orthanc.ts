import { DOMAINS, METHODS, readRecord, seriesAttributes } from '@modality-synthesis/engine';
import { findOrthanc, type RunningOrthanc, startOrthanc } from '@modality-synthesis/viewer/orthanc';
import dcmjs from 'dcmjs';
import { nameOf } from './nameOf';
import { output, type Reader, uint16 } from './Reader';

let running: RunningOrthanc | undefined;

/** PACS: stores through its REST API, reads through DICOMweb; Debian packages orthanc, orthanc-dicomweb. */
export const orthanc: Reader = {
  name: 'Orthanc',
  version() {
    const installation = findOrthanc();
    return installation && /Orthanc ([\d.]+)/.exec(output(installation.program, '--version') ?? '')?.[1];
  },
  async read({ files, datasets }) {
    running ??= await startOrthanc(findOrthanc()!);
    const pacs = running;
    await pacs.load(files);
    const images = await instancesOf(pacs, String(datasets[0].StudyInstanceUID));
    const [first] = images;
    const stored = await Promise.all(
      images.map(
        async image =>
          new Uint8Array(await (await fetch(rawUrl(pacs, await idOf(pacs, image)))).arrayBuffer()),
      ),
    );
    const { SyntheticData, synthesizingEquipment } = seriesAttributes(first);
    return {
      PatientName: nameOf(first.PatientName),
      StudyDescription: String(first.StudyDescription),
      SyntheticData,
      synthesizingEquipment,
      record: readRecord(first, METHODS, DOMAINS),
      size: [Number(first.Columns), Number(first.Rows), images.length],
      stored: uint16(Buffer.concat(stored)),
      errors: [],
    };
  },
  async close() {
    await running?.close();
    running = undefined;
  },
};

type Instance = Record<string, unknown>;

/** DICOMweb metadata of a study's images by InstanceNumber. */
export async function instancesOf({ url }: RunningOrthanc, study: string): Promise<Instance[]> {
  const response = await fetch(`${url}/dicom-web/studies/${study}/metadata`);
  const metadata = (await response.json()) as Record<string, unknown>[];
  return metadata
    .map(json => dcmjs.data.DicomMetaDictionary.naturalizeDataset(json))
    .sort((a, b) => Number(a.InstanceNumber) - Number(b.InstanceNumber));
}

/** Orthanc's own id of an instance. */
export async function idOf({ url }: RunningOrthanc, { SOPInstanceUID }: Instance): Promise<string> {
  const response = await fetch(`${url}/tools/lookup`, { method: 'POST', body: String(SOPInstanceUID) });
  return ((await response.json()) as { ID: string }[])[0].ID;
}

function rawUrl({ url }: RunningOrthanc, id: string): string {
  return `${url}/instances/${id}/frames/0/raw`;
}
