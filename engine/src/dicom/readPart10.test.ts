import dcmjs from 'dcmjs';
import { describe, expect, it } from 'vitest';
import { phantomDatasets } from '../testing/phantomStudy';
import { numbers } from './Dataset';
import { readPart10Header } from './readPart10';
import { withFileMeta } from './withFileMeta';
import { writePart10 } from './writePart10';

const [[image]] = phantomDatasets({
  number: 84,
  series: [{ role: 't1', dims: [6, 4, 9], spacing: [30, 40, 18] }],
});
const file = new Uint8Array(writePart10(image));
/** After preamble, DICM and the group length element, the length of the file meta information. */
const META = 144;
const dataset = META + new DataView(file.buffer).getUint32(META - 4, true);

/** Replaces the value of an element of a short representation. */
function withValue(bytes: Uint8Array, tag: readonly number[], vr: string, value: Uint8Array): Uint8Array {
  const buffer = Buffer.from(bytes);
  const at = buffer.indexOf(Buffer.from([...tag, ...Buffer.from(vr)]));
  const padded = Buffer.concat([value, Buffer.from(value.length % 2 ? ' ' : '')]);
  const length = Buffer.alloc(2);
  length.writeUInt16LE(padded.length);
  const rest = buffer.subarray(at + 8 + buffer.readUInt16LE(at + 6));
  return Buffer.concat([buffer.subarray(0, at + 6), length, padded, rest]);
}

function written(transferSyntaxUid: string): Uint8Array {
  const { DicomDict, DicomMetaDictionary } = dcmjs.data;
  const whole = new DicomDict(
    DicomMetaDictionary.denaturalizeDataset({ TransferSyntaxUID: transferSyntaxUid }),
  );
  whole.dict = DicomMetaDictionary.denaturalizeDataset({ ...image, _vrMap: { PixelData: 'OW' } });
  return new Uint8Array(whole.write());
}

const bare = (bytes: Uint8Array) =>
  bytes.subarray(META + new DataView(bytes.buffer).getUint32(META - 4, true));

describe('a file', () => {
  it.each([
    ['as it should be', file, '1.2.840.10008.1.2.1'],
    ['without preamble', file.subarray(128), '1.2.840.10008.1.2.1'],
    ['without preamble and DICM', file.subarray(132), '1.2.840.10008.1.2.1'],
    [
      'without the length of its file meta information',
      Buffer.concat([file.subarray(0, 132), file.subarray(META)]),
      '1.2.840.10008.1.2.1',
    ],
    ['of a dataset alone, explicit', file.subarray(dataset), '1.2.840.10008.1.2.1'],
    ['of a dataset alone, implicit', bare(written('1.2.840.10008.1.2')), '1.2.840.10008.1.2'],
    ['of a dataset alone, big endian', bare(written('1.2.840.10008.1.2.2')), '1.2.840.10008.1.2.2'],
    [
      'of a dataset behind DICM',
      Buffer.concat([file.subarray(0, 132), file.subarray(dataset)]),
      '1.2.840.10008.1.2.1',
    ],
  ])('%s is read', (_, bytes, transferSyntaxUid) => {
    expect(withFileMeta(bytes)).toBeDefined();
    const header = readPart10Header(bytes);
    expect(header.transferSyntaxUid).toBe(transferSyntaxUid);
    expect(header.hasPixels).toBe(true);
    expect(header.instance).toMatchObject({ Rows: 4, Columns: 6, SOPInstanceUID: image.SOPInstanceUID });
  });

  it.each(['', 'words', 'x'.repeat(400)])('of text is none: %j', text => {
    expect(withFileMeta(new TextEncoder().encode(text))).toBeUndefined();
  });
});

describe('a value', () => {
  const ascii = (text: string) => Buffer.from(text, 'latin1');
  const header = (bytes: Uint8Array) => readPart10Header(bytes).instance;

  it('with decimal commas is the number that was meant', () => {
    const bytes = withValue(file, [0x28, 0, 0x30, 0], 'DS', ascii('0,598958\\0,5'));
    expect(header(bytes).PixelSpacing).toEqual([0.598958, 0.5]);
  });

  it('of another representation than its own is read', () => {
    const buffer = Buffer.from(file);
    const at = buffer.indexOf(Buffer.from([0x28, 0, 0x30, 0, ...ascii('DS')]));
    const length = buffer.readUInt16LE(at + 6);
    // Unlimited text has two reserved bytes and a longer length.
    const head = Buffer.from([...ascii('UT'), 0, 0, length, 0, 0, 0]);
    const bytes = Buffer.concat([buffer.subarray(0, at + 4), head, buffer.subarray(at + 8)]);
    expect(numbers(header(bytes).PixelSpacing, 2)).toEqual([40, 30]);
  });

  it('of a UID stays as it is', () => {
    for (const uid of ['1.2.ABC.3', `1.${'2345.'.repeat(20)}6`]) {
      expect(header(withValue(file, [0x20, 0, 0x0d, 0], 'UI', ascii(uid))).StudyInstanceUID).toBe(uid);
    }
  });

  it.each([
    ['\\ISO 2022 IR 149', 'Hong^Gildong=\x1b$)C\xfb\xf3^\x1b$)C\xd1\xce\xd4\xd7', '洪^吉洞'],
    ['GB18030', 'Wang^XiaoDong=\xcd\xf5^\xd0\xa1\xb6\xab', '王^小东'],
    ['ISO 2022 IR 6\\ISO 2022 IR 87', 'Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B', '山田^太郎'],
    ['ISO_IR 999', 'Doe^John=\xfc', 'ü'],
  ])('of text in %j is decoded', (characterSet, name, ideographic) => {
    const named = withValue(file, [0x10, 0, 0x10, 0], 'PN', ascii(name));
    const bytes = withValue(named, [0x08, 0, 0x05, 0], 'CS', ascii(characterSet));
    const { PatientName, SpecificCharacterSet } = header(bytes);
    expect(PatientName).toMatchObject([{ Ideographic: ideographic }]);
    expect(SpecificCharacterSet).toBe('ISO_IR 192');
  });
});
