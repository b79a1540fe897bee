import { expect, it } from 'vitest';
import { decodeText } from './characterSets';

const E = '\x1b';

/** Bytes as a reader hands them out that takes them for Latin-1. */
const latin1 = (...bytes: number[]) => new TextDecoder('latin1').decode(Uint8Array.from(bytes));
const utf8 = (text: string) => latin1(...new TextEncoder().encode(text));

it.each([
  ['ASCII', 'Doe^John', '', 'Doe^John'],
  ['Latin-1', latin1(0x4d, 0xfc, 0x6c), 'ISO_IR 100', 'Mül'],
  ['Polish', latin1(0xa3, 0xf3, 0x64, 0xbc), 'ISO_IR 101', 'Łódź'],
  ['Cyrillic', latin1(0xbb, 0xee, 0xdb), 'ISO_IR 144', 'Люл'],
  ['Greek', latin1(0xc4, 0xe9), 'ISO_IR 126', 'Δι'],
  ['Arabic', latin1(0xe2, 0xc8), 'ISO_IR 127', 'قب'],
  ['Hebrew', latin1(0xf9, 0xf8), 'ISO_IR 138', 'שר'],
  ['Turkish', latin1(0xd0, 0xfe), 'ISO_IR 148', 'Ğş'],
  ['Thai', latin1(0xa1, 0xd2), 'ISO_IR 166', 'กา'],
  ['Katakana', latin1(0xd4, 0xcf), 'ISO_IR 13', 'ﾔﾏ'],
  ['UTF-8', utf8('王^小东'), 'ISO_IR 192', '王^小东'],
  ['GB18030', latin1(0xcd, 0xf5, 0x5e, 0xd0, 0xa1, 0xb6, 0xab), 'GB18030', '王^小东'],
  ['GBK whose second byte is a backslash', latin1(0x81, 0x5c), 'GBK', '乗'],
  // PS3.5 H.3.1, H.3.2, I.2, K.2
  ['kanji', `Yamada=${E}$B;3ED${E}(B`, '\\ISO 2022 IR 87', 'Yamada=山田'],
  [
    'kanji beside katakana',
    `${latin1(0xd4, 0xcf)}=${E}$B;3ED${E}(J`,
    'ISO 2022 IR 13\\ISO 2022 IR 87',
    'ﾔﾏ=山田',
  ],
  ['supplementary kanji', `${E}$(D0!${E}(B`, '\\ISO 2022 IR 159', '丂'],
  [
    'Korean',
    `Hong=${E}$)C${latin1(0xfb, 0xf3)}^${E}$)C${latin1(0xd1, 0xce)}`,
    '\\ISO 2022 IR 149',
    'Hong=洪^吉',
  ],
  ['Chinese', `${E}$)A${latin1(0xcd, 0xf5)}`, '\\ISO 2022 IR 58', '王'],
  ['Latin-1, then Greek', `${latin1(0xfc)}${E}-F${latin1(0xc4)}`, 'ISO 2022 IR 100\\ISO 2022 IR 126', 'üΔ'],
  // What nobody should write.
  ['Korean without an escape sequence', latin1(0xfb, 0xf3), '\\ISO 2022 IR 149', '洪'],
  ['ASCII in kanji clothes', 'Hitachi', 'ISO 2022 IR 6\\ISO 2022 IR 87', 'Hitachi'],
  ['no set, but UTF-8', utf8('Łódź'), '', 'Łódź'],
  ['no set and no UTF-8', latin1(0xfc), '', 'ü'],
  ['a set that nobody knows', latin1(0xfc), 'ISO_IR 999', 'ü'],
  ['a set by its name on the web', utf8('Łódź'), 'UTF-8', 'Łódź'],
  ['a set spelled otherwise', latin1(0xa3), 'iso-ir 101', 'Ł'],
  ['Latin-1 that claims to be UTF-8', latin1(0xfc), 'ISO_IR 192', 'ü'],
])('%s', (_, bytes, SpecificCharacterSet, text) => {
  expect(decodeText(bytes, SpecificCharacterSet)).toBe(text);
});
