import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Datatype, encodeRequest } from './binaryTensors';
import { openServedModel } from './openServedModel';

const PLACE = { url: 'https://ai.example/triton/', headers: { Authorization: 'Bearer 1' }, timeout: 50 };
const BUNDLE = { manifest: { id: 'brain', name: 'Brain' }, sha256: 'a'.repeat(64) };
const AT = 'https://ai.example/triton/v2';
const LENGTH = 'Inference-Header-Content-Length';

type Answer = Response | Error | (() => Response | Promise<Response>);
const json =
  (value: unknown, status = 200) =>
  () =>
    new Response(JSON.stringify(value), { status });

/** A server with two versions, of which the second has our weights; answers by address, one after another. */
function serve(more: Record<string, Answer[]> = {}) {
  const answers: Record<string, Answer[]> = {
    [AT]: [json({ name: 'triton', version: '2.51.0' })],
    [`${AT}/models/brain`]: [
      json({ versions: ['1', '2'], inputs: [{ name: 'images', datatype: 'FP16', shape: [-1] }] }),
    ],
    [`${AT}/models/brain/config`]: [
      json({
        parameters: {
          'sha256-1': { string_value: 'b'.repeat(64) },
          'sha256-2': { string_value: BUNDLE.sha256 },
          slices: { string_value: '16' },
        },
      }),
    ],
    ...more,
  };
  const fetched = vi.fn(async (address: string, { signal }: RequestInit) => {
    const [answer, ...later] = answers[address] ?? [json({ error: 'unknown' }, 404)];
    if (later.length > 0) answers[address] = later;
    if (answer instanceof Error) throw answer;
    signal?.throwIfAborted();
    return answer instanceof Response ? answer : answer();
  });
  vi.stubGlobal('fetch', fetched);
  return fetched;
}
const INFER = `${AT}/models/brain/versions/2/infer`;

/** The answer of a server: its JSON, and behind it the tensor. */
function inferred({ datatype = 'FP32' as Exclude<Datatype, 'INT32'>, version = '2', values = [0.5, 1] }) {
  const tensor = { name: 'mean', datatype, shape: [values.length], data: Float32Array.from(values) };
  const { body, jsonLength } = encodeRequest([tensor], []);
  const { inputs } = JSON.parse(new TextDecoder().decode(body.subarray(0, jsonLength)));
  const head = new TextEncoder().encode(JSON.stringify({ model_version: version, outputs: inputs }));
  const bytes = Uint8Array.of(...head, ...body.subarray(jsonLength));
  return () => new Response(bytes, { headers: { [LENGTH]: String(head.length) } });
}

const open = (signal?: AbortSignal) => openServedModel(PLACE, BUNDLE, signal, [1, 1]);
async function infer(signal?: AbortSignal) {
  const model = await open(signal);
  const images = { dims: [1], data: Float32Array.of(1) };
  return model.infer({ images }, { mean: { shape: [2], least: 0, most: 1 } });
}
const failsWith = (promise: Promise<unknown>, code: string) =>
  expect(promise).rejects.toMatchObject({ code: 'server-failed', text: { code: `server/${code}` } });

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('openServedModel', () => {
  it('finds the version with the weights of the bundle', async () => {
    serve();
    const { slices, record } = await open();
    expect(slices).toBe(16);
    expect(record).toEqual({
      url: 'https://ai.example/triton',
      software: 'triton 2.51.0',
      model: 'brain',
      version: '2',
      datatype: 'FP16',
    });
  });

  it('sends the headers with every request, and images as the server wants them', async () => {
    const fetched = serve({ [INFER]: [inferred({})] });
    expect((await infer()).mean.data).toEqual(Float32Array.of(0.5, 1));
    for (const [, { headers }] of fetched.mock.calls) expect(headers).toMatchObject(PLACE.headers);
    const { body, headers, method } = fetched.mock.calls.at(-1)![1];
    const sent = encodeRequest(
      [{ name: 'images', datatype: 'FP16', shape: [1], data: Float32Array.of(1) }],
      ['mean'],
    );
    expect(method).toBe('POST');
    expect(body).toEqual(sent.body);
    expect(headers).toMatchObject({ [LENGTH]: String(sent.jsonLength) });
  });

  it.each([
    ['other weights', 'config', { parameters: { slices: { string_value: '8' } } }, 'other-model'],
    ['no slices', 'config', { parameters: { 'sha256-2': { string_value: BUNDLE.sha256 } } }, 'wrong-answer'],
    [
      'another datatype',
      '',
      { versions: ['2'], inputs: [{ name: 'images', datatype: 'BF16' }] },
      'wrong-answer',
    ],
    ['no versions', '', { inputs: [{ name: 'images', datatype: 'FP16' }] }, 'other-model'],
    ['something else', '', ['hello'], 'wrong-answer'],
  ])('refuses %s', async (_, path, value, code) => {
    serve({ [`${AT}/models/brain${path && '/'}${path}`]: [json(value)] });
    await failsWith(open(), code);
  });

  it.each([
    [401, '', 'login'],
    [403, '', 'login'],
    [413, '', 'too-large'],
    [404, '{"error":"unknown model"}', 'no-model'],
    [500, '{"error":"RuntimeError: Failed to allocate memory"}', 'no-memory'],
    [500, 'CUDA out of memory', 'no-memory'],
    [500, '{"error":"ValueError: no"}', 'failed'],
    [400, 'Bad\nrequest', 'failed'],
  ])('says what HTTP %i %s means', async (status, text, code) => {
    serve({ [INFER]: [() => new Response(text, { status })] });
    await failsWith(infer(), code);
  });

  it.each([
    ['a network that fails', new TypeError('Failed to fetch')],
    ['a proxy whose server is away', json({}, 502)],
    ['a server that is full', json({}, 429)],
  ])('tries again after %s, three times in all', async (_, answer) => {
    serve({ [INFER]: [answer, answer, inferred({})] });
    expect((await infer()).mean.dims).toEqual([2]);
    serve({ [INFER]: [answer, answer, answer, inferred({})] });
    await expect(infer()).rejects.toMatchObject({ code: 'server-failed' });
  });

  it('does not try again what would fail again', async () => {
    serve({ [INFER]: [json({ error: 'ValueError' }, 500), inferred({})] });
    await failsWith(infer(), 'failed');
  });

  it('gives up a server that is slow', async () => {
    const slow = () => new Promise<Response>(() => {});
    serve({ [INFER]: [slow] });
    vi.stubGlobal('fetch', untilAborted(globalThis.fetch));
    await failsWith(infer(), 'slow');
  });

  it.each([
    ['another version', inferred({ version: '1' })],
    ['a value that is not a number', inferred({ values: [0, Number.NaN] })],
    ['a value out of range', inferred({ values: [0, 1.01] })],
    ['a negative value', inferred({ values: [-0.01, 1] })],
    ['another shape', inferred({ values: [0] })],
    ['no tensor', json({ outputs: [] })],
    ['a page', () => new Response('<html>')],
  ])('refuses an answer with %s', async (_, answer) => {
    serve({ [INFER]: [answer] });
    await failsWith(infer(), 'wrong-answer');
  });

  it('takes what half precision rounds up', async () => {
    serve({ [INFER]: [inferred({ datatype: 'FP16', values: [1.0005, 1] })] });
    expect((await infer()).mean.data[1]).toBe(1);
  });

  it('ends at a cancel, while it waits to try again too', async () => {
    const controller = new AbortController();
    serve({ [INFER]: [() => new Promise<Response>(() => {})] });
    vi.stubGlobal('fetch', untilAborted(globalThis.fetch));
    const asked = infer(controller.signal);
    setTimeout(() => controller.abort(), 5);
    await expect(asked).rejects.toMatchObject({ code: 'cancelled' });

    const other = new AbortController();
    serve({ [INFER]: [json({}, 503)] });
    const waiting = openServedModel(PLACE, BUNDLE, other.signal, [60_000]).then(model => model.infer({}, {}));
    setTimeout(() => other.abort(), 5);
    await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
  });
});

/** As fetch does, ends where its signal is aborted. */
function untilAborted(fetched: typeof fetch): typeof fetch {
  return (address, init) =>
    Promise.race([
      fetched(address, init),
      new Promise<Response>((_, reject) =>
        init?.signal?.addEventListener('abort', () => reject(init.signal!.reason)),
      ),
    ]);
}
