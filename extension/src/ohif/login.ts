import { throwIfCancelled } from '@modality-synthesis/engine';
import type { Services } from './types';

/** How often, and how long in all, to look whether the viewer has another token, ms: OHIF looks every 5 s. */
const STEP = 250;
const PATIENCE = 10_000;

/** Headers of the viewer's login as they are now; none without a login. */
export type LoginHeaders = () => Record<string, string>;

export function loginHeaders({ userAuthenticationService }: Services): LoginHeaders {
  return () => userAuthenticationService.getAuthorizationHeader() ?? {};
}

/**
 * Makes a request, and makes it again if it was refused for its token (HTTP 401) and the viewer then has
 * another: a token may expire in the middle of a job, while the computer sleeps, or before Accept.
 * @throws what the request throws, or SynthesisError `cancelled`
 */
export async function withRenewedLogin<T>(
  headers: LoginHeaders,
  request: () => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const used = JSON.stringify(headers());
  try {
    return await request();
  } catch (thrown) {
    if (httpStatus(thrown) !== 401 || used === '{}') throw thrown;
    for (let waited = 0; JSON.stringify(headers()) === used; waited += STEP) {
      if (waited >= PATIENCE) throw thrown;
      await new Promise(resolve => setTimeout(resolve, STEP));
      throwIfCancelled(signal);
    }
    return request();
  }
}

/** HTTP status of a failed request: cornerstone throws the request, or where it streams an error with it. */
export function httpStatus(thrown: unknown): number | undefined {
  if (typeof thrown !== 'object' || thrown === null) return undefined;
  if ('status' in thrown && typeof thrown.status === 'number') return thrown.status;
  if (thrown instanceof Error) return Number(/got status (\d{3})$/.exec(thrown.message)?.[1]) || undefined;
  return 'error' in thrown ? httpStatus(thrown.error) : undefined;
}
