import createOpenJpeg from '@cornerstonejs/codec-openjpeg/decodewasmjs';
import { decodeFrame, once, QUIET } from './wasmDecoder';

const openJpeg = once(() => createOpenJpeg(QUIET));

/** JPEG 2000 (ISO 15444-1) by OpenJPEG, the decoder the viewer uses. */
export async function decodeJpeg2000(bytes: Uint8Array): Promise<Uint8Array> {
  const { J2KDecoder } = await openJpeg();
  return decodeFrame(new J2KDecoder(), bytes);
}
