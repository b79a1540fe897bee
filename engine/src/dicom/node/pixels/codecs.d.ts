// The codec packages publish no type declarations; this is the part we use.
declare module '@cornerstonejs/codec-charls/decodewasmjs' {
  /** Memory of the WebAssembly module behind it, until delete(). */
  export interface WasmDecoder {
    getEncodedBuffer(length: number): Uint8Array;
    decode(): void;
    getDecodedBuffer(): Uint8Array;
    delete(): void;
  }
  export default function create(options?: {
    print(): void;
    printErr(): void;
  }): Promise<{ JpegLSDecoder: new () => WasmDecoder }>;
}

declare module '@cornerstonejs/codec-openjpeg/decodewasmjs' {
  import type { WasmDecoder } from '@cornerstonejs/codec-charls/decodewasmjs';
  export default function create(options?: {
    print(): void;
    printErr(): void;
  }): Promise<{ J2KDecoder: new () => WasmDecoder }>;
}

declare module '@cornerstonejs/codec-openjph' {
  import type { Encoder } from '@cornerstonejs/codec-charls';
  import type { WasmDecoder } from '@cornerstonejs/codec-charls/decodewasmjs';
  export default function create(options?: {
    print(): void;
    printErr(): void;
  }): Promise<{ HTJ2KDecoder: new () => WasmDecoder; HTJ2KEncoder: new () => Encoder }>;
}

declare module 'jpeg-lossless-decoder-js' {
  export class Decoder {
    decode(
      buffer: ArrayBuffer,
      offset: number,
      length: number,
      bytesPerSample: number,
    ): Uint8Array | Uint16Array;
  }
}

// Encoders, for tests.
declare module '@cornerstonejs/codec-charls' {
  export interface FrameInfo {
    width: number;
    height: number;
    bitsPerSample: number;
    componentCount: number;
    isSigned: boolean;
    isUsingColorTransform: boolean;
  }
  export interface Encoder {
    getDecodedBuffer(frame: FrameInfo): Uint8Array;
    encode(): void;
    getEncodedBuffer(): Uint8Array;
    delete(): void;
  }
  export default function create(options?: {
    print(): void;
    printErr(): void;
  }): Promise<{ JpegLSEncoder: new () => Encoder }>;
}

declare module '@cornerstonejs/codec-openjpeg' {
  import type { Encoder } from '@cornerstonejs/codec-charls';
  export default function create(options?: {
    print(): void;
    printErr(): void;
  }): Promise<{ J2KEncoder: new () => Encoder }>;
}
