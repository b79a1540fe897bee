import { afterEach, describe, expect, it, vi } from 'vitest';
import { coded } from '../testing/coded';
import { servedFault, threadFault } from './servedFault';

const SCRIPT = 'https://site/ort/a.mjs?v=1';
const WASM = 'https://site/ort/a.wasm';
/** A module of nothing. */
const EMPTY_MODULE = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
const typed = (type: string) => ({ headers: { 'Content-Type': type } });
const breaks = () =>
  new Response(new ReadableStream({ start: controller => controller.error(new TypeError('cut')) }));

const serve = (response: () => Response) => vi.stubGlobal('fetch', async () => response());
afterEach(() => vi.unstubAllGlobals());

describe('servedFault', () => {
  it.each([
    ['missing', SCRIPT, () => new Response('gone', { status: 404 }), 'served/http-error("FILE", 404)'],
    ['a page', SCRIPT, () => new Response('\n<!doctype html>', typed('text/html')), 'served/page("FILE")'],
    ['plain text', SCRIPT, () => new Response('1', typed('text/plain')), 'served/type("FILE", "text/plain")'],
    ['without a type', SCRIPT, () => new Response(EMPTY_MODULE), 'served/type("FILE", "")'],
    ['cut off', SCRIPT, breaks, 'served/damaged("FILE")'],
    ['cut off', WASM, () => new Response(EMPTY_MODULE.subarray(0, 6)), 'served/damaged("FILE")'],
  ])('says that a file is %s: %s', async (_, file, response, fault) => {
    serve(response);
    expect(coded((await servedFault(file))!)).toBe(fault.replace('FILE', file));
  });

  it.each([
    ['a script', SCRIPT, () => new Response('1', typed('application/javascript; charset=utf-8'))],
    ['WebAssembly of any type', WASM, () => new Response(EMPTY_MODULE, typed('text/plain'))],
    ['what no request reaches', SCRIPT, () => Promise.reject(new TypeError()) as unknown as Response],
  ])('finds nothing in %s', async (_, file, response) => {
    serve(response);
    expect(await servedFault(file)).toBeUndefined();
  });
});

describe('threadFault', () => {
  it('asks for the header that lets threads start', async () => {
    serve(() => new Response('1'));
    expect(coded((await threadFault(SCRIPT))!)).toBe(`served/not-isolated("${SCRIPT}")`);
    serve(() => new Response('1', { headers: { 'Cross-Origin-Embedder-Policy': 'require-corp' } }));
    expect(await threadFault(SCRIPT)).toBeUndefined();
    serve(() => new Response('1', { status: 404 }));
    expect(await threadFault(SCRIPT)).toBeUndefined();
  });
});
