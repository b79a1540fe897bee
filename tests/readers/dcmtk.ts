import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { DOMAINS, METHODS, readRecord } from '@modality-synthesis/engine';
import { output, type Reader, uint16 } from './Reader';

/** dcmdump of the DICOM toolkit; Debian package dcmtk. */
export const dcmtk: Reader = {
  name: 'dcmtk',
  version: () => /dcmdump (v[\d.]+)/.exec(output('dcmdump', '--version') ?? '')?.[1],
  async read({ files }) {
    const raw = await mkdtemp(path.join(os.tmpdir(), 'readers-dcmtk-'));
    try {
      const dump = output('dcmdump', '+U8', '+L', '-Un', '+W', raw, ...files) ?? '';
      const value = (tag: string) => new RegExp(`^ *\\(${tag}\\) .. \\[(.*)\\] +#`, 'm').exec(dump)?.[1];
      const pixels = await Promise.all(
        (await readdir(raw)).sort().map(name => readFile(path.join(raw, name))),
      );
      return {
        PatientName: value('0010,0010'),
        StudyDescription: value('0008,1030'),
        SyntheticData: value('0008,001c'),
        synthesizingEquipment: /\(0018,a001\)[\s\S]*?\(0008,0100\) SH \[109100\]/.test(dump),
        record: readRecord(
          { DerivationAlgorithmSequence: [{ AlgorithmParameters: value('0066,0032') }] },
          METHODS,
          DOMAINS,
        ),
        size: [Number(us(dump, '0028,0011')), Number(us(dump, '0028,0010')), files.length],
        stored: uint16(Buffer.concat(pixels)),
        errors: dump.split('\n').filter(line => /^[EW]: /.test(line)),
      };
    } finally {
      await rm(raw, { recursive: true });
    }
  },
};

function us(dump: string, tag: string): string | undefined {
  return new RegExp(`^\\(${tag}\\) US (\\d+)`, 'm').exec(dump)?.[1];
}
