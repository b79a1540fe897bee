import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundaryOf, multipartPieces, PART } from './multipart';

async function* inChunks(body: Buffer, size: number) {
  for (let at = 0; at < body.length; at += size) yield body.subarray(at, at + size);
}

async function parts(body: Buffer, size: number): Promise<string[]> {
  const found: Buffer[][] = [];
  for await (const piece of multipartPieces(inChunks(body, size), 'b-1')) {
    if (piece === PART) found.push([]);
    // A copy: the next chunk may take its place.
    else found.at(-1)!.push(Buffer.from(piece));
  }
  return found.map(pieces => Buffer.concat(pieces).toString('latin1'));
}

const bodyOf = (contents: readonly string[], head = 'Content-Type: application/dicom') =>
  Buffer.from(
    `${contents.map(c => `--b-1\r\n${head}${head && '\r\n'}\r\n${c}\r\n`).join('')}--b-1--\r\n`,
    'latin1',
  );

describe('multipartPieces', () => {
  it('finds every part, however the body arrives', async () => {
    const content = fc.string({ unit: fc.constantFrom('\r', '\n', '-', 'b', '1', 'x'), maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(fc.array(content), fc.integer({ min: 1, max: 30 }), async (contents, size) => {
        fc.pre(contents.every(c => !`\r\n${c}`.includes('\r\n--b-1')));
        expect(await parts(bodyOf(contents), size)).toEqual(contents);
      }),
    );
  });

  it('reads parts without a header, after a preamble', async () => {
    expect(await parts(Buffer.concat([Buffer.from('hello\r\n'), bodyOf(['one', 'two'], '')]), 7)).toEqual([
      'one',
      'two',
    ]);
  });

  it('refuses a body that ends early', async () => {
    const whole = bodyOf(['one', 'two']);
    await expect(parts(whole.subarray(0, whole.length - 8), 5)).rejects.toThrow('ends early');
  });

  it('gives a large part piece by piece', async () => {
    const sizes: number[] = [];
    for await (const piece of multipartPieces(inChunks(bodyOf(['x'.repeat(100_000)]), 1000), 'b-1'))
      if (piece !== PART) sizes.push(piece.length);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(1010);
  });
});

describe('boundaryOf', () => {
  it.each([
    ['multipart/related; type="application/dicom"; boundary="a b"', 'a b'],
    ['Multipart/Related;boundary=abc; type=x', 'abc'],
    ['application/dicom', undefined],
  ])('%s: %s', (contentType, boundary) => expect(boundaryOf(contentType)).toBe(boundary));
});
