/** The part of dcmjs that this server uses, typed: the package has no types of its own. */
import { createRequire } from 'node:module';

/** One data element. Binary values are one ArrayBuffer per frame when compressed, one in all when not. */
export interface Element {
  vr?: string;
  Value?: unknown;
}

/** Data elements by tag, eight upper-case hexadecimal digits. */
export type Elements = Record<string, Element>;

interface DicomDict {
  /** Group 0002. */
  meta: Elements;
  dict: Elements;
  write(): ArrayBuffer;
}

interface Dcmjs {
  data: {
    DicomDict: new (meta: Elements) => DicomDict;
    DicomMessage: {
      readFile(
        buffer: ArrayBuffer,
        options?: { untilTag?: string; includeUntilTagValue?: boolean },
      ): DicomDict;
    };
  };
  log: { setLevel(level: string): void };
}

// require, not import: an untyped import would need a declaration for the whole repository.
const dcmjs: Dcmjs = createRequire(import.meta.url)('dcmjs');
export default dcmjs;
