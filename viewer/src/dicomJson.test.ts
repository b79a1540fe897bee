import { describe, expect, it } from 'vitest';
import { toDicomJson } from './dicomJson';

describe('toDicomJson', () => {
  it('leaves out Value where there is none, and keeps places among others', () => {
    expect(
      toDicomJson({
        '00080050': { vr: 'SH', Value: [''] },
        '00180080': { vr: 'DS', Value: [null] },
        '00080008': { vr: 'CS', Value: ['A', '', 'B'] },
        '00080090': { vr: 'PN', Value: [] },
      }),
    ).toEqual({
      '00080050': { vr: 'SH' },
      '00180080': { vr: 'DS' },
      '00080008': { vr: 'CS', Value: ['A', null, 'B'] },
      '00080090': { vr: 'PN' },
    });
  });

  it('writes sequences, names and tags as PS3.18 does', () => {
    expect(
      toDicomJson({
        '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Nobody^Anne', Ideographic: '' }] },
        '00200000': { vr: 'UL', Value: [12] },
        '00280009': { vr: 'AT', Value: [0x00181063] },
        '00081140': { vr: 'SQ', Value: [{ '00081155': { vr: 'UI', Value: ['1.2'] } }] },
      }),
    ).toEqual({
      '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Nobody^Anne' }] },
      '00280009': { vr: 'AT', Value: ['00181063'] },
      '00081140': { vr: 'SQ', Value: [{ '00081155': { vr: 'UI', Value: ['1.2'] } }] },
    });
  });

  it('links large binary values and writes small ones inline', () => {
    const json = toDicomJson(
      {
        '00020102': { vr: 'OB', Value: [new Uint8Array([1, 2]).buffer] },
        '00282000': { vr: 'OB', Value: [new ArrayBuffer(5000)] },
      },
      tag => `/bulk/${tag}`,
    );
    expect(json).toEqual({
      '00020102': { vr: 'OB', InlineBinary: 'AQI=' },
      '00282000': { vr: 'OB', BulkDataURI: '/bulk/00282000' },
    });
  });
});
