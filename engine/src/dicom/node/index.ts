/** DICOM files on disk: what the command line and the viewer's server share. */
export type { Element, Elements } from '../Dataset';
export { PixelFault } from '../PixelFault';
export { type Part10, type Part10Header, PIXEL_DATA } from '../readPart10';
export {
  DEFLATED,
  EXPLICIT_LITTLE_ENDIAN,
  PIXEL_ENCODINGS,
  type PixelEncoding,
} from '../transferSyntaxes';
export { filesUnder, readHeader, readInstanceUid, readWhole } from './files';
export { binaryValues, encodedFrames } from './pixelData';
