/** A DICOM dataset by keyword, as dcmjs naturalizes it. */
export type Dataset = Record<string, unknown>;

/** The items of a sequence; readers hold a single one without a list. What is no dataset, as in damaged metadata, is left out. */
export function items(sequence: unknown): Dataset[] {
  return [sequence].flat().filter(item => typeof item === 'object' && item !== null) as Dataset[];
}
