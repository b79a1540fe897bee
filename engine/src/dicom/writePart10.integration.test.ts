import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import dcmjs from 'dcmjs';
import { afterAll, describe, expect, it } from 'vitest';
import { DOMAINS } from '../domains';
import { METHODS } from '../methods';
import { derivation } from '../testing/derivation';
import { referenceInstances } from '../testing/reference';
import type { Dataset } from './Dataset';
import { derivedSeries } from './derivedSeries';
import { recordAttributes } from './provenance';
import { readRecord } from './record';
import { storedImage } from './storedImage';
import { replaceSequences, writePart10 } from './writePart10';

const SLICES = 4;
const values = Float32Array.from({ length: 12 * SLICES }, (_, n) => n / 40);

function series(more: Dataset = {}): Dataset[] {
  return derivedSeries(DOMAINS[0], {
    ...storedImage({ data: values }, [0, 100]),
    reference: referenceInstances(SLICES, more),
    seriesNumber: 901,
    sources: new Map([['t1', referenceInstances(SLICES)]]),
    derivation: derivation(),
    now: new Date(2026, 2, 4, 5, 6, 7),
  });
}

const read = (file: ArrayBuffer) => {
  const { meta, dict } = dcmjs.data.DicomMessage.readFile(file);
  const { naturalizeDataset } = dcmjs.data.DicomMetaDictionary;
  return { meta: naturalizeDataset(meta), dataset: naturalizeDataset(dict) };
};
/** A sequence without what the reader notes beside it. */
const plain = (value: unknown) =>
  JSON.parse(JSON.stringify(value, (key, v) => (key === '_vrMap' ? undefined : v)));
const name = (value: unknown) => (value as { Alphabetic: string }[])[0].Alphabetic;

describe('writePart10', () => {
  const [written] = series();
  const file = writePart10(written);
  const { meta, dataset } = read(file);

  it('is a Part-10 file that names its object', () => {
    expect(new TextDecoder().decode(new Uint8Array(file, 128, 4))).toBe('DICM');
    expect(meta).toMatchObject({
      MediaStorageSOPClassUID: written.SOPClassUID,
      MediaStorageSOPInstanceUID: written.SOPInstanceUID,
      TransferSyntaxUID: '1.2.840.10008.1.2.1',
    });
  });

  it('gives back every attribute it was given', () => {
    const special = ['PixelData', 'PatientName', 'ReferringPhysicianName'];
    for (const [keyword, value] of Object.entries(written)) {
      if (special.includes(keyword)) continue;
      const back = dataset[keyword] ?? '';
      if (keyword.endsWith('Sequence')) expect([keyword, plain(back)]).toEqual([keyword, value]);
      else if (Array.isArray(value))
        expect([keyword, Array.from(back as ArrayLike<unknown>)]).toEqual([keyword, value]);
      else expect([keyword, back === null ? '' : back]).toEqual([keyword, value]);
    }
  });

  it('gives back the stored pixels', () => {
    const [pixels] = dataset.PixelData as ArrayBuffer[];
    expect([...new Uint16Array(pixels.slice(0))]).toEqual(
      [...values.subarray(0, 12)].map(v => Math.round(v * 4096)),
    );
  });

  it.each(['ISO_IR 192', 'ISO_IR 100', undefined])(
    'keeps names when the reference says %s',
    SpecificCharacterSet => {
      const back = read(writePart10(series({ SpecificCharacterSet })[0])).dataset;
      expect(name(back.PatientName)).toBe('Grün^Żaneta');
      expect(name(back.ReferringPhysicianName)).toBe('Müller^Jörg');
      expect(back.StudyDescription).toBe('Schädel MRT');
    },
  );

  it('takes a name as the viewer holds it', () => {
    const back = read(writePart10(series({ PatientName: [{ Alphabetic: 'Żak^Ewa' }] })[0])).dataset;
    expect(name(back.PatientName)).toBe('Żak^Ewa');
  });
});

const hasTool = (tool: string) => spawnSync(tool, ['--version']).error === undefined;
const folder = mkdtempSync(join(tmpdir(), 'derived-series-'));
afterAll(() => rmSync(folder, { recursive: true }));

function save(name: string, datasets: readonly Dataset[]): string[] {
  return datasets.map((dataset, k) => {
    const path = join(folder, `${name}-${k}.dcm`);
    writeFileSync(path, new Uint8Array(writePart10(dataset)));
    return path;
  });
}

describe('a derived file', () => {
  const bare = Object.fromEntries(
    [
      'PatientName',
      'PatientBirthDate',
      'PatientSex',
      'StudyTime',
      'StudyID',
      'AccessionNumber',
      'PatientPosition',
    ]
      .concat(['ReferringPhysicianName', 'PositionReferenceIndicator', 'SliceThickness'])
      .map(keyword => [keyword, undefined]),
  );
  it.skipIf(!hasTool('dciodvfy')).each([
    ['', {}],
    [' made beside a series with few attributes', bare],
  ])('passes dciodvfy, which does not know SyntheticData yet%s', (_, more) => {
    for (const path of save('valid', series(more))) {
      const { stdout, stderr } = spawnSync('dciodvfy', [path], { encoding: 'utf8' });
      const errors = `${stdout}${stderr}`.split('\n').filter(line => line.startsWith('Error'));
      expect(errors.filter(line => !/0x0008,0x001c/i.test(line))).toEqual([]);
    }
  });

  it.skipIf(!hasTool('dcmdump'))('shows its names to dcmdump', () => {
    for (const SpecificCharacterSet of ['ISO_IR 192', 'ISO_IR 100', undefined]) {
      const [path] = save('names', series({ SpecificCharacterSet }));
      const text = execFileSync('dcmdump', ['+U8', path], { encoding: 'utf8' });
      expect(text).toContain('Grün^Żaneta');
    }
  });
});

describe('replaceSequences', () => {
  const before = derivation();
  const figure = { value: 0.5, rank: { worseThan: 1, of: 3 } };
  const check = [{ role: 't1', sources: ['t2'], psnr: figure, ssim: figure, mae: figure }];
  const [written] = series();

  it('puts another record into a file, which is the same otherwise', () => {
    const after = { ...before, check };
    const file = replaceSequences(writePart10(written), recordAttributes(before), recordAttributes(after));
    const { dataset } = read(file);
    expect(readRecord(dataset, METHODS, DOMAINS)).toEqual(after);
    const { dataset: original } = read(writePart10(written));
    const rest = ({ DerivationAlgorithmSequence: _, PixelData: __, ...others }: Dataset) => plain(others);
    expect(rest(dataset)).toEqual(rest(original));
    const pixels = (d: Dataset) => new Uint8Array((d.PixelData as ArrayBuffer[])[0]);
    expect(pixels(dataset)).toEqual(pixels(original));
    // And back: not a byte is lost.
    const back = replaceSequences(file, recordAttributes(after), recordAttributes(before));
    expect(new Uint8Array(back)).toEqual(new Uint8Array(writePart10(written)));
  });

  it('refuses a file with another record', () => {
    const other = recordAttributes({ ...before, seed: before.seed + 1 });
    expect(() => replaceSequences(writePart10(written), other, other)).toThrow(RangeError);
  });
});
