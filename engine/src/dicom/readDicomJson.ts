import dcmjs from 'dcmjs';
import type { Dataset } from './Dataset';

/** A dataset of the DICOM JSON Model (PS3.18 annex F) by keyword, as OHIF holds it. */
export function readDicomJson(json: Dataset): Dataset {
  return dcmjs.data.DicomMetaDictionary.naturalizeDataset(json);
}
