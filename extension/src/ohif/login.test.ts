import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { httpStatus, withRenewedLogin } from './login';

let token: string | undefined;
const headers = () => (token ? { Authorization: token } : ({} as Record<string, string>));
/** Fails with these statuses, one after another, then returns the token it carried. */
const request = (...statuses: number[]) =>
  vi.fn(async () => {
    const status = statuses.shift();
    if (status) throw { status };
    return token;
  });
const renewAfter = (ms: number) => setTimeout(() => (token = 'second'), ms);

beforeEach(() => {
  vi.useFakeTimers();
  token = 'first';
});
afterEach(() => vi.useRealTimers());

it('makes a request again with the renewed token', async () => {
  const refused = request(401);
  renewAfter(5000);
  const result = withRenewedLogin(headers, refused);
  await vi.advanceTimersByTimeAsync(6000);
  expect(await result).toBe('second');
  expect(refused).toHaveBeenCalledTimes(2);
});

it.each([
  ['the token stays the same', 401, 'first', 1],
  ['nobody is logged in', 401, undefined, 1],
  ['it was refused for another reason', 403, 'first', 1],
])('fails where %s', async (_, status, held, calls) => {
  token = held;
  const refused = request(status, status);
  const result = expect(withRenewedLogin(headers, refused)).rejects.toEqual({ status });
  await vi.advanceTimersByTimeAsync(held && status === 401 ? 10_000 : 0);
  await result;
  expect(refused).toHaveBeenCalledTimes(calls);
});

it('tries once with the renewed token', async () => {
  const refused = request(401, 401);
  renewAfter(100);
  const result = expect(withRenewedLogin(headers, refused)).rejects.toEqual({ status: 401 });
  await vi.advanceTimersByTimeAsync(1000);
  await result;
  expect(refused).toHaveBeenCalledTimes(2);
});

it('waits no longer than the job', async () => {
  const job = new AbortController();
  const result = expect(withRenewedLogin(headers, request(401), job.signal)).rejects.toMatchObject({
    code: 'cancelled',
  });
  job.abort();
  await vi.advanceTimersByTimeAsync(1000);
  await result;
});

it.each([
  [{ status: 401 }, 401],
  [{ error: { status: 403 } }, 403],
  [new Error("Couldn't retrieve /frames/1 got status 401"), 401],
  [new Error('without'), undefined],
  ['text', undefined],
  [null, undefined],
])('reads the status of %o', (thrown, status) => {
  expect(httpStatus(thrown)).toBe(status);
});
