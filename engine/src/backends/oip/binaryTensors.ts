import * as z from 'zod/mini';
import { fromFloat16, toFloat16 } from './float16';

/** Datatypes of the protocol that we send or receive. */
export const DATATYPES = ['FP16', 'FP32', 'INT32'] as const;
export type Datatype = (typeof DATATYPES)[number];

/** A tensor of a request or an answer; the last axis varies fastest. Half precision is in the bytes only. */
export type NamedTensor = { name: string; shape: readonly number[] } & (
  | { datatype: 'FP16' | 'FP32'; data: Float32Array }
  | { datatype: 'INT32'; data: Int32Array }
);

/** What an inference request consists of. */
export interface InferenceRequest {
  /** JSON, followed by the bytes of the inputs in their order. */
  body: Uint8Array<ArrayBuffer>;
  /** Bytes of the JSON: header `Inference-Header-Content-Length`. */
  jsonLength: number;
}

const answer = z.object({
  model_version: z.optional(z.string()),
  outputs: z.array(
    z.object({
      name: z.string(),
      datatype: z.enum(DATATYPES),
      shape: z.array(z.int().check(z.nonnegative())),
      parameters: z.object({ binary_data_size: z.int().check(z.nonnegative()) }),
    }),
  ),
});

const BYTES: Readonly<Record<Datatype, number>> = { FP16: 2, FP32: 4, INT32: 4 };

/**
 * A request by the Open Inference Protocol v2 (KServe `/v2/models/NAME/infer`) with its binary tensor data
 * extension: tensors are little endian, behind the JSON.
 * @param outputs names of the tensors that are wanted, as bytes
 */
export function encodeRequest(inputs: readonly NamedTensor[], outputs: readonly string[]): InferenceRequest {
  const blocks = inputs.map(bytesOf);
  const json = new TextEncoder().encode(
    JSON.stringify({
      inputs: inputs.map(({ name, shape, datatype }, n) => ({
        name,
        shape,
        datatype,
        parameters: { binary_data_size: blocks[n].length },
      })),
      outputs: outputs.map(name => ({ name, parameters: { binary_data: true } })),
    }),
  );
  const body = new Uint8Array(json.length + blocks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const block of [json, ...blocks]) {
    body.set(block, at);
    at += block.length;
  }
  return { body, jsonLength: json.length };
}

/**
 * The tensors of an answer.
 * @param jsonLength bytes of its JSON
 * @throws Error for what the protocol does not allow, in English
 */
export function decodeAnswer(
  bytes: Uint8Array<ArrayBuffer>,
  jsonLength: number,
): { version?: string; outputs: ReadonlyMap<string, NamedTensor> } {
  if (!(jsonLength > 0 && jsonLength <= bytes.length)) throw new Error(`a JSON of ${jsonLength} bytes`);
  const json = answer.parse(JSON.parse(new TextDecoder().decode(bytes.subarray(0, jsonLength))));
  const outputs = new Map<string, NamedTensor>();
  let at = jsonLength;
  for (const { name, datatype, shape, parameters } of json.outputs) {
    const size = parameters.binary_data_size;
    const wanted = shape.reduce((product, n) => product * n, 1) * BYTES[datatype];
    if (size !== wanted || at + size > bytes.length) {
      throw new Error(`${name} [${shape}] ${datatype} of ${size} bytes`);
    }
    outputs.set(name, { name, shape, ...valuesOf(datatype, bytes.slice(at, at + size)) });
    at += size;
  }
  if (at !== bytes.length) throw new Error(`${bytes.length - at} bytes too many`);
  return { version: json.model_version, outputs };
}

// Typed arrays are little endian on every machine with a browser, as the protocol is.
function bytesOf({ datatype, data }: NamedTensor): Uint8Array {
  const array = datatype === 'FP16' ? toFloat16(data) : data;
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

function valuesOf(datatype: Datatype, { buffer }: Uint8Array<ArrayBuffer>) {
  if (datatype === 'INT32') return { datatype, data: new Int32Array(buffer) };
  const data = datatype === 'FP16' ? fromFloat16(new Uint16Array(buffer)) : new Float32Array(buffer);
  return { datatype, data };
}
