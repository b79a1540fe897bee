import { output, type Reader } from './Reader';

/** The validator of dicom3tools; Debian package dicom3tools. It has no version of its own. */
export const dciodvfy: Reader = {
  name: 'dciodvfy',
  version() {
    if (output('dciodvfy') === undefined) return undefined;
    return /dicom3tools\s+(\S+)/.exec(output('dpkg-query', '-W', 'dicom3tools') ?? '')?.[1] ?? 'unknown';
  },
  async read({ files }) {
    const said = files.flatMap(file => (output('dciodvfy', file) ?? '').split('\n'));
    return { errors: [...new Set(said.filter(line => line.startsWith('Error')))] };
  },
};

/** The only accepted error: this dciodvfy does not know SyntheticData. */
export function isSyntheticDataLine(line: string): boolean {
  return /^Error - Attribute with an even group number is not a recognized standard attribute - \(0x0008,0x001c\)/.test(
    line,
  );
}
