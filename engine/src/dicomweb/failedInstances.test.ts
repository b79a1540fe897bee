import { expect, it } from 'vitest';
import { failedInstances } from './failedInstances';

const stored = { '00081199': { vr: 'SQ', Value: [{ '00081155': { vr: 'UI', Value: ['1.2'] } }] } };
const item = (reason?: number) => ({
  '00081155': { vr: 'UI', Value: ['1.3'] },
  ...(reason !== undefined && { '00081197': { vr: 'US', Value: [reason] } }),
});
const xml = (inner: string) =>
  `<?xml version="1.0"?><NativeDicomModel><DicomAttribute tag="00081198" vr="SQ" keyword="FailedSOPSequence">\n${inner}</DicomAttribute></NativeDicomModel>`;

it.each([
  ['stored', JSON.stringify(stored), []],
  [
    'a failed image',
    JSON.stringify({ ...stored, '00081198': { vr: 'SQ', Value: [item(0xa700)] } }),
    [0xa700],
  ],
  ['in a list', JSON.stringify([{ '00081198': { Value: [item(272), item(273)] } }]), [272, 273]],
  ['without a reason', JSON.stringify({ '00081198': { Value: [item()] } }), [0]],
  ['an empty sequence', JSON.stringify({ '00081198': { vr: 'SQ' } }), []],
  ['other failures', JSON.stringify({ '0008119A': { Value: [item(0xc000)] } }), [0xc000]],
  [
    'XML',
    xml(
      '<Item number="1"><DicomAttribute tag="00081197" vr="US"><Value number="1">272</Value></DicomAttribute></Item>',
    ),
    [272],
  ],
  ['XML without a reason', xml('<Item number="1"></Item>'), [0]],
  ['XML with nothing failed', xml(''), []],
  ['a page', '<html>Bad gateway</html>', []],
  ['text', 'OK', []],
  ['nothing', '', []],
])('%s', (_, body, reasons) => {
  expect(failedInstances(body)).toEqual(reasons);
});
