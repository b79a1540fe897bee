/** A DICOM dataset by keyword, as dcmjs naturalizes it. */
export type Dataset = Record<string, unknown>;

/** The items of a sequence; readers hold a single one without a list. */
export function items(sequence: unknown): Dataset[] {
  return sequence === undefined || sequence === null ? [] : ([sequence].flat() as Dataset[]);
}
