import dcmjs from 'dcmjs';
import type { Dataset } from './derivedSeries';

const EXPLICIT_VR_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';
/** Names this writer (PS3.7 D.3.3.2). */
const IMPLEMENTATION_CLASS_UID = '2.25.212137406329218262034962083911474215021';

/**
 * A dataset as a Part-10 file (PS3.10), Explicit VR Little Endian.
 * @param dataset naturalized, with SOPClassUID and SOPInstanceUID; PixelData an ArrayBuffer of OW values
 */
export function writePart10(dataset: Dataset): ArrayBuffer {
  const { DicomDict, DicomMetaDictionary } = dcmjs.data;
  const file = new DicomDict(
    DicomMetaDictionary.denaturalizeDataset({
      FileMetaInformationVersion: new Uint8Array([0, 1]).buffer,
      MediaStorageSOPClassUID: dataset.SOPClassUID,
      MediaStorageSOPInstanceUID: dataset.SOPInstanceUID,
      TransferSyntaxUID: EXPLICIT_VR_LITTLE_ENDIAN,
      ImplementationClassUID: IMPLEMENTATION_CLASS_UID,
      ImplementationVersionName: 'MODALITY_SYNTH',
    }),
  );
  file.dict = DicomMetaDictionary.denaturalizeDataset({ ...dataset, _vrMap: { PixelData: 'OW' } });
  return file.write({ fragmentMultiframe: false });
}
