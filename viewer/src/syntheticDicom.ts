/** Small synthetic DICOM files for tests. */
import { writeFile } from 'node:fs/promises';
import { EXPLICIT_LITTLE_ENDIAN } from '@modality-synthesis/engine/dicom/node';
import dcmjs from 'dcmjs';

export interface SyntheticImage {
  studyUid: string;
  seriesUid: string;
  instanceUid: string;
  patientName?: string;
  seriesNumber?: number;
  instanceNumber?: number;
  /** One byte per pixel, 2 x 2 pixels per frame. */
  frames: readonly (readonly number[])[];
  /** A compressed one gives one fragment per frame; the pixels stay uncompressed. */
  transferSyntaxUid?: string;
}

/** Bytes of a Part-10 file. */
export function syntheticDicom(image: SyntheticImage): Uint8Array {
  const { transferSyntaxUid = EXPLICIT_LITTLE_ENDIAN, frames } = image;
  const file = new dcmjs.data.DicomDict({
    '00020001': { vr: 'OB', Value: [new Uint8Array([0, 1]).buffer] },
    '00020002': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.4'] },
    '00020003': { vr: 'UI', Value: [image.instanceUid] },
    '00020010': { vr: 'UI', Value: [transferSyntaxUid] },
    '00020012': { vr: 'UI', Value: ['1.2.3'] },
  });
  const isCompressed = transferSyntaxUid.startsWith('1.2.840.10008.1.2.4');
  const pixels = isCompressed
    ? frames.map(frame => new Uint8Array(frame).buffer)
    : [new Uint8Array(frames.flat()).buffer];
  file.dict = {
    '00080005': { vr: 'CS', Value: ['ISO_IR 192'] },
    '00080016': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.4'] },
    '00080018': { vr: 'UI', Value: [image.instanceUid] },
    '00080020': { vr: 'DA', Value: ['20200131'] },
    '00080050': { vr: 'SH', Value: [] },
    '00080060': { vr: 'CS', Value: ['MR'] },
    '00100010': { vr: 'PN', Value: [{ Alphabetic: image.patientName ?? 'Nobody^Anne' }] },
    '0020000D': { vr: 'UI', Value: [image.studyUid] },
    '0020000E': { vr: 'UI', Value: [image.seriesUid] },
    '00200011': { vr: 'IS', Value: [String(image.seriesNumber ?? 1)] },
    '00200013': { vr: 'IS', Value: [String(image.instanceNumber ?? 1)] },
    '00200032': { vr: 'DS', Value: ['-1.5', '0', '2.25'] },
    '00280002': { vr: 'US', Value: [1] },
    '00280008': { vr: 'IS', Value: [String(frames.length)] },
    '00280010': { vr: 'US', Value: [2] },
    '00280011': { vr: 'US', Value: [2] },
    '00280100': { vr: 'US', Value: [8] },
    '7FE00010': { vr: 'OB', Value: pixels },
  };
  return new Uint8Array(file.write());
}

/** Writes such a file. */
export async function writeSyntheticDicom(path: string, image: SyntheticImage): Promise<void> {
  await writeFile(path, syntheticDicom(image));
}
