import { expect, it } from 'vitest';
import { fuseMultiplyAdd } from '../scripts/fuseMultiplyAdd.mjs';

const [GET, SET, END] = [0x20, 0x21, 0x0b];
const MUL = [0xfd, 0xe6, 0x01];
const ADD = [0xfd, 0xe4, 0x01];
const SUBTRACT = [0xfd, 0xe5, 0x01];
const MADD = [0xfd, 0x85, 0x02];
const A_B = [GET, 0, GET, 1];

/** A module with one function of three vectors to one. @param locals groups of locals, as they are encoded */
function moduleOf(body: readonly number[], locals: readonly number[] = [0]): Uint8Array {
  const section = (id: number, ...content: number[]) => [id, content.length, ...content];
  const type = section(1, 1, 0x60, 3, 0x7b, 0x7b, 0x7b, 1, 0x7b);
  const code = [...locals, ...body, END];
  const magic = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
  return Uint8Array.of(...magic, ...type, ...section(3, 1, 0), ...section(10, 1, code.length, ...code));
}
/** Three vectors more. */
const MORE = [1, 3, 0x7b];

it.each([
  ['before the sum', [...A_B, ...MUL, GET, 2, ...ADD], [...A_B, GET, 2, ...MADD]],
  [
    'after the sum',
    [GET, 2, ...A_B, ...MUL, ...ADD],
    [GET, 2, ...A_B, SET, 4, SET, 3, SET, 5, GET, 3, GET, 4, GET, 5, ...MADD],
  ],
  [
    'one after the other',
    [GET, 2, ...A_B, ...MUL, ...ADD, ...A_B, ...MUL, GET, 2, ...ADD, ...SUBTRACT],
    [
      ...[GET, 2, ...A_B, SET, 4, SET, 3, SET, 5, GET, 3, GET, 4, GET, 5, ...MADD],
      ...[...A_B, GET, 2, ...MADD, ...SUBTRACT],
    ],
  ],
])('fuses a product %s', (_, body, expected) => {
  const { wasm, fused } = fuseMultiplyAdd(moduleOf(body));
  expect(wasm).toEqual(moduleOf(expected, MORE));
  expect(fused).toBe(body.join().split(MUL.join()).length - 1);
});

it.each([
  ['is subtracted', [...A_B, ...MUL, GET, 2, ...SUBTRACT]],
  ['is used otherwise first', [GET, 2, ...A_B, ...MUL, 0xfd, 0xe1, 0x01, ...ADD]],
  // A constant that holds the bytes of both instructions.
  ['is none', [0xfd, 12, ...MUL, ...ADD, ...MUL, ...ADD, 0, 0, 0, 0]],
])('leaves a product alone that %s', (_, body) => {
  const module = moduleOf(body);
  expect(fuseMultiplyAdd(module)).toEqual({ wasm: module, fused: 0 });
});

it('keeps the locals that a function has', () => {
  const scalars = [1, 2, 0x7f];
  const { wasm } = fuseMultiplyAdd(moduleOf([GET, 2, ...A_B, ...MUL, ...ADD], scalars));
  const turned = [GET, 2, ...A_B, SET, 6, SET, 5, SET, 7, GET, 5, GET, 6, GET, 7, ...MADD];
  expect(wasm).toEqual(moduleOf(turned, [2, 2, 0x7f, 3, 0x7b]));
});

it('refuses an instruction that it does not know', () => {
  expect(() => fuseMultiplyAdd(moduleOf([0xe0]))).toThrow('The instruction 224');
});
