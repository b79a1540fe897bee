import { describe, expect, it } from 'vitest';
import { buildMultipart, frameContentType } from './multipart';

describe('buildMultipart', () => {
  it('writes each part between boundaries, byte for byte', () => {
    const bytes = new Uint8Array([0, 13, 10, 45, 45, 255]);
    const { contentType, body } = buildMultipart(
      [{ contentType: 'image/jls; transfer-syntax=1.2', bytes }],
      'edge',
    );
    expect(contentType).toBe('multipart/related; type="image/jls"; boundary="edge"');
    const head = '--edge\r\nContent-Type: image/jls; transfer-syntax=1.2\r\nContent-Length: 6\r\n\r\n';
    expect(body).toEqual(Buffer.concat([Buffer.from(head), bytes, Buffer.from('\r\n--edge--\r\n')]));
  });

  it('keeps the order of parts', () => {
    const parts = [1, 2, 3].map(value => ({
      contentType: 'application/octet-stream',
      bytes: new Uint8Array([48 + value]),
    }));
    const { body } = buildMultipart(parts, 'edge');
    expect(body.toString().match(/\r\n\r\n\d/g)).toEqual(['\r\n\r\n1', '\r\n\r\n2', '\r\n\r\n3']);
  });

  it('makes a boundary of its own', () => {
    expect(buildMultipart([]).contentType).not.toBe(buildMultipart([]).contentType);
  });
});

describe('frameContentType', () => {
  it('names the transfer syntax, and the media type where there is one', () => {
    expect(frameContentType('1.2.840.10008.1.2.1')).toBe(
      'application/octet-stream; transfer-syntax=1.2.840.10008.1.2.1',
    );
    expect(frameContentType('1.2.840.10008.1.2.4.90')).toBe(
      'image/jp2; transfer-syntax=1.2.840.10008.1.2.4.90',
    );
  });
});
