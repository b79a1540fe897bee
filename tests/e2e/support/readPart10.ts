import dcmjs from 'dcmjs';

/** A Part-10 file by keyword, with its uint16 pixels. */
export function readPart10(bytes: Uint8Array): Record<string, unknown> & { pixels: Uint16Array } {
  const file = dcmjs.data.DicomMessage.readFile(bytes.slice().buffer);
  const dataset = dcmjs.data.DicomMetaDictionary.naturalizeDataset(file.dict);
  return { ...dataset, pixels: new Uint16Array((dataset.PixelData as ArrayBuffer[])[0].slice(0)) };
}
