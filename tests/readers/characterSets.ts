import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Names in one character set, as scanners write them, and as Unicode. */
export interface CharacterSet {
  name: string;
  SpecificCharacterSet: string | string[];
  /** Component groups joined by "=" (PS3.5 6.2.1). */
  PatientName: string;
  StudyDescription: string;
  /** Both as bytes of the character set, one character per byte. */
  encoded: { PatientName: string; StudyDescription: string };
}

const utf8 = (text: string) => Buffer.from(text, 'utf8').toString('latin1');

export const CHARACTER_SETS: readonly CharacterSet[] = [
  {
    name: 'UTF-8',
    SpecificCharacterSet: 'ISO_IR 192',
    PatientName: 'Żółkiewska^Łucja',
    StudyDescription: 'Głowa z kontrastem 脳',
    encoded: { PatientName: utf8('Żółkiewska^Łucja'), StudyDescription: utf8('Głowa z kontrastem 脳') },
  },
  {
    name: 'ISO_IR 100',
    SpecificCharacterSet: 'ISO_IR 100',
    PatientName: 'Müller^Jörg',
    StudyDescription: 'Schädel, süß',
    encoded: { PatientName: 'Müller^Jörg', StudyDescription: 'Schädel, süß' },
  },
  {
    // The name is the example of PS3.5 H.3.1.
    name: 'ISO 2022 IR 87',
    SpecificCharacterSet: ['', 'ISO 2022 IR 87'],
    PatientName: 'Yamada^Tarou=山田^太郎=やまだ^たろう',
    StudyDescription: '頭部 MRI 検査',
    encoded: {
      PatientName: 'Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B=\x1b$B$d$^$@\x1b(B^\x1b$B$?$m$&\x1b(B',
      StudyDescription: '\x1b$BF,It\x1b(B MRI \x1b$B8!::\x1b(B',
    },
  },
  {
    // PS3.5 H.3.2: the single bytes are katakana.
    name: 'ISO 2022 IR 13 and IR 87',
    SpecificCharacterSet: ['ISO 2022 IR 13', 'ISO 2022 IR 87'],
    PatientName: 'ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう',
    StudyDescription: 'ﾋﾟｸｾﾙ 検査',
    encoded: {
      PatientName:
        '\xd4\xcf\xc0\xde^\xc0\xdb\xb3=\x1b$B;3ED\x1b(J^\x1b$BB@O:\x1b(J=\x1b$B$d$^$@\x1b(J^\x1b$B$?$m$&\x1b(J',
      StudyDescription: '\xcb\xdf\xb8\xbe\xd9 \x1b$B8!::\x1b(J',
    },
  },
];

/** Placeholder of encoded text: of the same length, and unique in the file. */
const placeholder = (letter: string, encoded: string) => letter.repeat(encoded.length);

/** Placeholders of the names: our writer supports UTF-8 only. */
export function placeholders({ encoded, SpecificCharacterSet }: CharacterSet) {
  return {
    SpecificCharacterSet,
    PatientName: placeholder('Q', encoded.PatientName),
    StudyDescription: placeholder('X', encoded.StudyDescription),
  };
}

/** Replaces the placeholders by the encoded names in every file of a folder. */
export async function encodeNames(folder: string, { encoded }: CharacterSet): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    const bytes = (await readFile(file, 'latin1'))
      .replace(placeholder('Q', encoded.PatientName), () => encoded.PatientName)
      .replace(placeholder('X', encoded.StudyDescription), () => encoded.StudyDescription);
    await writeFile(file, bytes, 'latin1');
  }
}
