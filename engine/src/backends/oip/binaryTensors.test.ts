import { describe, expect, it } from 'vitest';
import { decodeAnswer, encodeRequest } from './binaryTensors';

const text = (value: string) => [...new TextEncoder().encode(value)];

describe('encodeRequest', () => {
  it('writes the JSON and behind it the tensors, little endian', () => {
    const { body, jsonLength } = encodeRequest(
      [
        { name: 'images', datatype: 'FP16', shape: [1, 2], data: Float32Array.of(1, -2) },
        { name: 'level', datatype: 'FP32', shape: [1], data: Float32Array.of(1) },
        { name: 'slices', datatype: 'INT32', shape: [2], data: Int32Array.of(258, -1) },
      ],
      ['mean'],
    );
    // From the specification: github.com/kserve/open-inference-protocol, binary tensor data extension.
    const json =
      '{"inputs":[{"name":"images","shape":[1,2],"datatype":"FP16","parameters":{"binary_data_size":4}},' +
      '{"name":"level","shape":[1],"datatype":"FP32","parameters":{"binary_data_size":4}},' +
      '{"name":"slices","shape":[2],"datatype":"INT32","parameters":{"binary_data_size":8}}],' +
      '"outputs":[{"name":"mean","parameters":{"binary_data":true}}]}';
    const tensors = [
      ...[0x00, 0x3c, 0x00, 0xc0],
      ...[0x00, 0x00, 0x80, 0x3f],
      ...[0x02, 0x01, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff],
    ];
    expect(jsonLength).toBe(json.length);
    expect([...body]).toEqual([...text(json), ...tensors]);
  });

  it('leaves what it sends as it is', () => {
    const data = new Float32Array([9, 1.275]).subarray(1);
    encodeRequest([{ name: 'x', datatype: 'FP16', shape: [1], data }], []);
    expect(data).toEqual(new Float32Array([1.275]));
  });
});

describe('decodeAnswer', () => {
  const json = (size: number, datatype = 'FP16', shape = '[2,1]') =>
    `{"model_name":"m","model_version":"3","outputs":[{"name":"mean","datatype":"${datatype}",` +
    `"shape":${shape},"parameters":{"binary_data_size":${size}}}]}`;
  const decode = (head: string, ...bytes: number[]) =>
    decodeAnswer(Uint8Array.of(...text(head), ...bytes), head.length);

  it('reads half and single precision', () => {
    const { version, outputs } = decode(json(4), 0x00, 0x3c, 0x00, 0xb8);
    expect(version).toBe('3');
    expect(outputs.get('mean')).toEqual({
      name: 'mean',
      datatype: 'FP16',
      shape: [2, 1],
      data: Float32Array.of(1, -0.5),
    });
    const single = decode(json(4, 'FP32', '[1]'), 0x00, 0x00, 0x20, 0x40).outputs;
    expect(single.get('mean')?.data).toEqual(Float32Array.of(2.5));
  });

  it.each([
    ['too few bytes', json(4), [0, 0x3c]],
    ['too many bytes', json(4), [0, 0x3c, 0, 0x3c, 0]],
    ['a size that is not that of the shape', json(2), [0, 0x3c]],
    ['another datatype', json(4, 'BF16'), [0, 0x3c, 0, 0x3c]],
    ['no JSON', 'Bad gateway', []],
  ])('refuses %s', (_, head, bytes) => {
    expect(() => decode(head, ...bytes)).toThrow();
  });

  it('refuses an answer without its length of JSON', () => {
    expect(() => decodeAnswer(Uint8Array.of(...text('{}')), Number.NaN)).toThrow();
  });
});
