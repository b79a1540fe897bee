// dcmjs 0.52 publishes no type declarations; this is the part we use.
declare module 'dcmjs' {
  type Dataset = import('./Dataset').Dataset;
  type Elements = import('./Dataset').Elements;
  class DicomDict {
    constructor(meta: Elements);
    /** Group 0002. */
    meta: Elements;
    dict: Elements;
    write(options?: { fragmentMultiframe?: boolean }): ArrayBuffer;
  }
  const dcmjs: {
    log: { setLevel(level: string): void; getLogger(name: string): { setLevel(level: string): void } };
    data: {
      DicomDict: typeof DicomDict;
      DicomMessage: {
        readFile(buffer: ArrayBuffer, options?: { untilTag?: string }): DicomDict;
      };
      DicomMetaDictionary: {
        denaturalizeDataset(dataset: Dataset): Elements;
        naturalizeDataset(elements: Dataset): Dataset;
      };
    };
  };
  export default dcmjs;
}
