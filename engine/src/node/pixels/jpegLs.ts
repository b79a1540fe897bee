import createCharls from '@cornerstonejs/codec-charls/decodewasmjs';
import { decodeFrame, once, QUIET } from './wasmDecoder';

const charls = once(() => createCharls(QUIET));

/** JPEG-LS (ISO 14495-1) by CharLS, the decoder the viewer uses. */
export async function decodeJpegLs(bytes: Uint8Array): Promise<Uint8Array> {
  const { JpegLSDecoder } = await charls();
  return decodeFrame(new JpegLSDecoder(), bytes);
}
