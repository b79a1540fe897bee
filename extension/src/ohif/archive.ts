import { failedInstances } from './failedInstances';
import { StoreFailure } from './StoreFailure';
import type { Archive } from './storeImages';
import type { DataSource } from './types';

/** FailureReason of an instance that the archive has already: what we wanted. */
const DUPLICATE = 0x0111;
const SOP_INSTANCE_UID = '00080018';

/** One series of a DICOMweb archive, through OHIF's data source and with its authentication. */
export function createArchive(
  dataSource: DataSource,
  headers: () => Record<string, string>,
  { study, SeriesInstanceUID }: { study: string; SeriesInstanceUID: string },
  timeout: number,
): Archive {
  return {
    send: file => send(dataSource, file, timeout),
    list: async () => {
      const root = dataSource.getConfig?.()?.qidoRoot;
      if (!root || !dataSource.store?.dicom) throw new StoreFailure('no-store');
      return list(`${root}/studies/${study}/series/${SeriesInstanceUID}/instances`, headers(), timeout);
    },
  };
}

/** STOW-RS with a request of our own, whose progress, end and answer we see; the data source opens and signs it. */
async function send(dataSource: DataSource, file: ArrayBuffer, timeout: number): Promise<void> {
  const request = new XMLHttpRequest();
  request.timeout = timeout;
  let timedOut = false;
  request.addEventListener('timeout', () => {
    timedOut = true;
  });
  const ended = new Promise<void>(resolve => request.addEventListener('loadend', () => resolve()));
  // Whether it resolves says too little: 202 resolves with failed instances, and data sources without STOW resolve too.
  const settled = (async () => dataSource.store?.dicom?.(file, request))().catch(() => {});
  // A data source that does not take the request has settled by itself; the others open it before they wait.
  if (request.readyState === XMLHttpRequest.UNSENT) await settled;
  if (request.readyState === XMLHttpRequest.UNSENT) throw new StoreFailure('no-store');
  await ended;
  await settled;
  if (request.status === 0) throw new StoreFailure(timedOut ? 'timeout' : 'connection');
  const failed = failedInstances(request.responseText).filter(reason => reason !== DUPLICATE);
  if (request.status >= 400) throw new StoreFailure(request.status, failed);
  if (failed.length) throw new StoreFailure('refused', failed);
}

/** QIDO-RS, page by page where the archive answers with fewer than there are. */
async function list(url: string, headers: Record<string, string>, timeout: number): Promise<Set<string>> {
  const listed = new Set<string>();
  for (let before = -1; listed.size > before; ) {
    before = listed.size;
    for (const uid of await page(`${url}?offset=${before}`, headers, timeout)) listed.add(uid);
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
  // Nothing of the series is there yet.
  if (response.status === 404 || response.status === 204) return [];
  if (!response.ok) throw new StoreFailure(response.status);
  try {
    const found = (await response.json()) as Record<string, { Value?: string[] }>[];
    return found.flatMap(instance => instance[SOP_INSTANCE_UID]?.Value?.[0] ?? []);
  } catch {
    throw new StoreFailure('connection');
  }
}
