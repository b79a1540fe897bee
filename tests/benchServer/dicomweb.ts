/** What a synthesis server needs of DICOMweb: to retrieve a study, and to store a series. */
import { buildMultipart } from '@modality-synthesis/viewer/multipart';

/**
 * Retrieves all instances of a study in one request (WADO-RS).
 * @param root of the PACS's DICOMweb, without a trailing slash
 * @returns Part-10 files
 * @throws Error where the PACS does not answer with a multipart body
 */
export async function retrieveStudy(root: string, study: string): Promise<Buffer[]> {
  const response = await fetch(`${root}/studies/${study}`, {
    headers: { Accept: 'multipart/related; type="application/dicom"; transfer-syntax=*' },
  });
  const boundary = /boundary="?([^";]+)"?/.exec(response.headers.get('content-type') ?? '')?.[1];
  if (!response.ok || !boundary) throw new Error(`The PACS gives no study: HTTP ${response.status}.`);
  return partsOf(Buffer.from(await response.arrayBuffer()), boundary);
}

/** Bodies of the parts of a multipart message. */
function partsOf(body: Buffer, boundary: string): Buffer[] {
  const parts: Buffer[] = [];
  const delimiter = `--${boundary}`;
  let from = body.indexOf(delimiter);
  for (;;) {
    const headers = from + delimiter.length;
    const to = body.indexOf(`\r\n${delimiter}`, headers);
    if (to < 0) return parts;
    parts.push(body.subarray(body.indexOf('\r\n\r\n', headers) + 4, to));
    from = to + 2;
  }
}

/**
 * Stores Part-10 files in one request (STOW-RS).
 * @returns bytes sent
 * @throws Error where the PACS refuses any of them
 */
export async function storeInstances(root: string, files: readonly Uint8Array[]): Promise<number> {
  const parts = files.map(bytes => ({ contentType: 'application/dicom', bytes }));
  const { contentType, body } = buildMultipart(parts);
  const headers = { 'Content-Type': contentType, Accept: 'application/dicom+json' };
  const response = await fetch(`${root}/studies`, { method: 'POST', headers, body: new Uint8Array(body) });
  if (response.status !== 200) throw new Error(`The PACS did not store all: HTTP ${response.status}.`);
  await response.arrayBuffer();
  return body.length;
}
