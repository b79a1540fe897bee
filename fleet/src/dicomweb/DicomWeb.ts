import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { StoreFailure } from '@modality-synthesis/engine';
import { boundaryOf } from './multipart';

/** A dataset of the DICOM JSON Model (PS3.18 annex F), as far as the fleet reads it. */
export type DicomJson = Record<string, { Value?: unknown[] } | undefined>;

/** Patience with the archive, ms: for an answer, and for all images of a series. */
const ANSWER = 60_000;
const IMAGES = 1_800_000;
/** Results asked for at once. */
const PAGE = 500;

/** A DICOMweb archive. Each method throws a StoreFailure. */
export class DicomWeb {
  /**
   * @param root without a trailing slash
   * @param authorization the header's value, if the archive asks for one
   */
  constructor(
    readonly root: string,
    private readonly authorization?: string,
  ) {}

  /** QIDO-RS, page by page: an archive may limit the length of an answer. */
  async *search(path: string, query = '', limit = Number.POSITIVE_INFINITY): AsyncGenerator<DicomJson, void> {
    for (let offset = 0; offset < limit; ) {
      const params = new URLSearchParams(query);
      params.set('limit', String(Math.min(PAGE, limit - offset)));
      params.set('offset', String(offset));
      const found = await this.json(`${path}?${params}`);
      yield* found;
      if (found.length === 0) return;
      offset += found.length;
    }
  }

  /** An answer in DICOM JSON; empty where there is none. */
  async json(path: string): Promise<DicomJson[]> {
    const response = await this.request(path, { headers: { Accept: 'application/dicom+json' } });
    if (response.status === 204) return [];
    return response.json().catch(() => {
      throw new StoreFailure('connection');
    });
  }

  /** WADO-RS: Part-10 files in whatever transfer syntax the archive keeps them, as they arrive. */
  async images(path: string): Promise<{ boundary: string; body: AsyncIterable<Uint8Array> }> {
    const Accept = 'multipart/related; type="application/dicom"; transfer-syntax=*';
    const { headers, body } = await this.request(path, { headers: { Accept } }, IMAGES);
    const boundary = boundaryOf(headers.get('content-type') ?? '');
    if (!boundary || !body) throw new StoreFailure('connection');
    return { boundary, body: Readable.fromWeb(body as ReadableStream<Uint8Array>) };
  }

  /** STOW-RS: one Part-10 file. @returns the response's text */
  async store(study: string, file: ArrayBuffer): Promise<string> {
    const boundary = crypto.randomUUID();
    const head = `--${boundary}\r\nContent-Type: application/dicom\r\n\r\n`;
    const response = await this.request(`/studies/${study}`, {
      method: 'POST',
      headers: {
        Accept: 'application/dicom+json',
        'Content-Type': `multipart/related; type="application/dicom"; boundary="${boundary}"`,
      },
      body: new Blob([head, file, `\r\n--${boundary}--\r\n`]),
    });
    return response.text();
  }

  private async request(path: string, init: RequestInit, patience = ANSWER): Promise<Response> {
    const headers = {
      ...(this.authorization && { Authorization: this.authorization }),
      ...(init.headers as Record<string, string>),
    };
    const signal = AbortSignal.timeout(patience);
    let response: Response;
    try {
      response = await fetch(`${this.root}${path}`, { ...init, headers, signal });
    } catch (thrown) {
      throw new StoreFailure((thrown as Error).name === 'TimeoutError' ? 'timeout' : 'connection');
    }
    if (response.ok) return response;
    await response.body?.cancel();
    throw new StoreFailure(response.status);
  }
}

/** First value of an element as text; '' if it has none. */
export function textOf(json: DicomJson, tag: string): string {
  const value = json[tag]?.Value?.[0];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
