import { performance } from 'node:perf_hooks';
import type { Page } from '@playwright/test';
import * as ort from 'onnxruntime-node';

/**
 * Peak of one core on the command line: onnxruntime multiplies two matrices of 1024 x 1024 float32 that fit
 * its cache.
 * @returns operations a second, 2 per multiply-add
 */
export async function nodePeak(): Promise<number> {
  const size = 1024;
  const session = await ort.InferenceSession.create(matMulModel(), { intraOpNumThreads: 1 });
  const matrix = () => new ort.Tensor('float32', new Float32Array(size * size).fill(0.5), [size, size]);
  const feeds = { a: matrix(), b: matrix() };
  const seconds: number[] = [];
  for (let n = 0; n < 15; n++) {
    const began = performance.now();
    await session.run(feeds);
    seconds.push((performance.now() - began) / 1000);
  }
  await session.release();
  return (2 * size ** 3) / Math.min(...seconds);
}

/**
 * Peak of one core in WebAssembly: twelve sums of four float32 in registers, no memory.
 * @param fused by relaxed_madd, otherwise by a product and a sum
 * @returns operations a second, 2 per multiply-add
 */
export async function wasmPeak(page: Page, fused: boolean): Promise<number> {
  return page.evaluate(
    async ({ bytes, loops, operations }) => {
      const { instance } = await WebAssembly.instantiate(Uint8Array.from(bytes));
      const run = instance.exports.run as (loops: number) => void;
      run(loops);
      const seconds = Array.from({ length: 7 }, () => {
        const began = performance.now();
        run(loops);
        return (performance.now() - began) / 1000;
      });
      return (loops * operations) / Math.min(...seconds);
    },
    { bytes: [...loopOf(fused)], loops: 2e7, operations: SUMS * 4 * 2 },
  );
}

const SUMS = 12;
const FACTORS = 3;

/** A module with one function, run(loops: i32) -> f32: a loop of sums[n] += x[n % 3] * y[n / 3]. */
function loopOf(fused: boolean): Uint8Array {
  const [GET, SET, I32, V128] = [0x20, 0x21, 0x7f, 0x7b];
  const [ADD, MUL, MADD, SPLAT] = [0xe4, 0xe6, 0x85, 0x13].map(code =>
    code < 128 ? [0xfd, code] : [0xfd, code, code === 0x85 ? 2 : 1],
  );
  // Local 0 counts; then the sums, the factors x and the factors y.
  const sum = (n: number) => 1 + n;
  const x = (n: number) => 1 + SUMS + (n % FACTORS);
  const y = (n: number) => 1 + SUMS + FACTORS + Math.floor(n / FACTORS);
  const factors = FACTORS + SUMS / FACTORS;
  // f32.const 2^-n
  const start = Array.from({ length: factors }, (_, n) => {
    const constant = new Uint8Array(Float32Array.of(2 ** -n).buffer);
    return [0x43, ...constant, ...SPLAT, SET, 1 + SUMS + n];
  });
  const step = Array.from({ length: SUMS }, (_, n) => {
    const product = [GET, x(n), GET, y(n)];
    const added = fused ? [...product, GET, sum(n), ...MADD] : [...product, ...MUL, GET, sum(n), ...ADD];
    return [...added, SET, sum(n)];
  });
  const count = [GET, 0, 0x41, 1, 0x6b, 0x22, 0, 0x0d, 0];
  const all = Array.from({ length: SUMS - 1 }, (_, n) => [GET, sum(n + 1), ...ADD]);
  const result = [GET, sum(0), ...all.flat(), 0xfd, 0x1f, 0];
  const code = [...start.flat(), 0x03, 0x40, ...step.flat(), ...count, 0x0b, ...result, 0x0b];
  const body = [1, SUMS + factors, V128, ...code];
  const leb = (n: number) => (n < 128 ? [n] : [(n % 128) + 128, Math.floor(n / 128)]);
  const section = (id: number, content: number[]) => [id, ...leb(content.length), ...content];
  const name = [...new TextEncoder().encode('run')];
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 1, I32, 1, 0x7d]),
    ...section(3, [1, 0]),
    ...section(7, [1, name.length, ...name, 0, 0]),
    ...section(10, [1, ...leb(body.length), ...body]),
  ]);
}

/** ONNX: y = a b, float32, of any size. */
function matMulModel(): Uint8Array {
  const bytes = (field: number, content: Iterable<number>) => {
    const all = [...content];
    return [8 * field + 2, all.length, ...all];
  };
  const text = (field: number, value: string) => bytes(field, new TextEncoder().encode(value));
  const number = (field: number, value: number) => [8 * field, value];
  // A float32 of two dimensions: ValueInfoProto, TypeProto, its Tensor and TensorShapeProto.
  const dims = ['m', 'n'].flatMap(() => bytes(1, []));
  const type = bytes(2, bytes(1, [...number(1, 1), ...bytes(2, dims)]));
  const value = (name: string) => [...text(1, name), ...type];
  const node = [...text(1, 'a'), ...text(1, 'b'), ...text(2, 'y'), ...text(4, 'MatMul')];
  const graph = [
    ...bytes(1, node),
    ...text(2, 'product'),
    ...bytes(11, value('a')),
    ...bytes(11, value('b')),
    ...bytes(12, value('y')),
  ];
  return Uint8Array.from([...number(1, 8), ...bytes(7, graph), ...bytes(8, number(2, 17))]);
}
