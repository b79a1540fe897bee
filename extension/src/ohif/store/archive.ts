import { type Archive, refusedInstances, StoreFailure } from '@modality-synthesis/engine';
import { httpStatus, type LoginHeaders, withRenewedLogin } from '../login';
import type { DataSource } from '../types';

const SOP_INSTANCE_UID = '00080018';

/** One series of a DICOMweb archive, accessed through OHIF's data source and its authentication. */
export function createArchive(
  dataSource: DataSource,
  headers: LoginHeaders,
  { study, SeriesInstanceUID }: { study: string; SeriesInstanceUID: string },
  timeout: number,
): Archive {
  // Who waited in vain for a renewed login does not wait again.
  let isLoggedOut = false;
  const renewing = async <T>(request: () => Promise<T>): Promise<T> => {
    if (isLoggedOut) return request();
    try {
      return await withRenewedLogin(headers, request);
    } catch (thrown) {
      isLoggedOut = httpStatus(thrown) === 401;
      throw thrown;
    }
  };
  return {
    send: file => renewing(() => send(dataSource, file, timeout)),
    list: async () => {
      const root = dataSource.getConfig?.()?.qidoRoot;
      if (!root || !dataSource.store?.dicom) throw new StoreFailure('no-store');
      return list(
        `${root}/studies/${study}/series/${SeriesInstanceUID}/instances`,
        headers,
        timeout,
        renewing,
      );
    },
  };
}

/** STOW-RS. The data source opens and signs our own request, so that we can read its status and response. */
async function send(dataSource: DataSource, file: ArrayBuffer, timeout: number): Promise<void> {
  const request = new XMLHttpRequest();
  request.timeout = timeout;
  let timedOut = false;
  request.addEventListener('timeout', () => {
    timedOut = true;
  });
  const ended = new Promise<void>(resolve => request.addEventListener('loadend', () => resolve()));
  // It resolves also at 202 with failed instances, and where a data source has no STOW-RS.
  const settled = (async () => dataSource.store?.dicom?.(file, request))().catch(() => {});
  // A data source opens the request before it awaits anything; one that ignores the request settles at once.
  if (request.readyState === XMLHttpRequest.UNSENT) await settled;
  if (request.readyState === XMLHttpRequest.UNSENT) throw new StoreFailure('no-store');
  await ended;
  await settled;
  if (request.status === 0) throw new StoreFailure(timedOut ? 'timeout' : 'connection');
  const failed = refusedInstances(request.responseText);
  if (request.status >= 400) throw new StoreFailure(request.status, failed);
  if (failed.length) throw new StoreFailure('refused', failed);
}

/** QIDO-RS, page by page: an archive may limit the length of an answer. */
async function list(
  url: string,
  headers: LoginHeaders,
  timeout: number,
  renewing: <T>(request: () => Promise<T>) => Promise<T>,
): Promise<Set<string>> {
  const listed = new Set<string>();
  for (let before = -1; listed.size > before; ) {
    before = listed.size;
    const read = () => page(`${url}?offset=${before}`, headers(), timeout);
    for (const uid of await renewing(read)) listed.add(uid);
  }
  return listed;
}

async function page(url: string, headers: Record<string, string>, timeout: number): Promise<string[]> {
  let response: Response;
  try {
    response = await fetch(url, {
      headers: { ...headers, Accept: 'application/dicom+json' },
      cache: 'no-store',
      signal: AbortSignal.timeout(timeout),
    });
  } catch (error) {
    throw new StoreFailure((error as Error).name === 'TimeoutError' ? 'timeout' : 'connection');
  }
  // The archive has no image of the series.
  if (response.status === 404 || response.status === 204) return [];
  if (!response.ok) throw new StoreFailure(response.status);
  try {
    const found = (await response.json()) as Record<string, { Value?: string[] }>[];
    return found.flatMap(instance => instance[SOP_INSTANCE_UID]?.Value?.[0] ?? []);
  } catch {
    throw new StoreFailure('connection');
  }
}
