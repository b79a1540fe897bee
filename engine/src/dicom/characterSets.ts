/** Web names of character sets, by the registration number in SpecificCharacterSet (PS3.3 C.12.1.1.2). */
const LABELS: Readonly<Record<string, string | undefined>> = {
  '13': 'shift_jis',
  '58': 'gbk',
  '87': 'iso-2022-jp',
  '100': 'iso-8859-1',
  '101': 'iso-8859-2',
  '109': 'iso-8859-3',
  '110': 'iso-8859-4',
  '126': 'iso-8859-7',
  '127': 'iso-8859-6',
  '138': 'iso-8859-8',
  '144': 'iso-8859-5',
  '148': 'iso-8859-9',
  '149': 'euc-kr',
  '159': 'iso-2022-jp',
  '166': 'tis-620',
  '192': 'utf-8',
  '203': 'iso-8859-15',
};

/** Sets that an escape sequence, without its first byte, puts into G1: bytes from 0x80. */
const G1: Readonly<Record<string, string | undefined>> = {
  ')I': 'shift_jis',
  '$)A': 'gbk',
  '$)C': 'euc-kr',
  '-A': 'iso-8859-1',
  '-B': 'iso-8859-2',
  '-C': 'iso-8859-3',
  '-D': 'iso-8859-4',
  '-F': 'iso-8859-7',
  '-G': 'iso-8859-6',
  '-H': 'iso-8859-8',
  '-L': 'iso-8859-5',
  '-M': 'iso-8859-9',
  '-T': 'tis-620',
  '-b': 'iso-8859-15',
};

/** Japanese sets that an escape sequence puts into G0, as the same characters in EUC-JP. */
const G0: Readonly<Record<string, ((bytes: Uint8Array) => number[]) | undefined>> = {
  '$@': bytes => [...bytes].map(b => b | 0x80),
  $B: bytes => [...bytes].map(b => b | 0x80),
  '$(D': bytes => [...bytes].flatMap((b, n) => (n % 2 ? [b | 0x80] : [0x8f, b | 0x80])),
};

const ESCAPES = new RegExp(`${String.fromCharCode(0x1b)}(\\$[()][A-Z]|\\$[@A-Z]|[()-][A-Za-z])`);

const BYTE_OF = new Map(
  Array.from({ length: 256 }, (_, b) => [new TextDecoder('latin1').decode(Uint8Array.of(b)), b]),
);

/**
 * Text whose bytes were taken for Latin-1, with the code extensions of PS3.5 6.1.2.5. Never fails: unknown
 * sets and bytes that do not fit are UTF-8 if they can be, else Latin-1. A set stays chosen across the
 * delimiters of values and names, since many writers rely on it.
 * @param SpecificCharacterSet all values, separated by backslashes; empty where there is none
 */
export function decodeText(latin1: string, SpecificCharacterSet: string): string {
  let high = SpecificCharacterSet.split('\\').flatMap(labelOf);
  let low: (typeof G0)[string];
  return latin1
    .split(ESCAPES)
    .map((piece, n) => {
      if (n % 2 === 0) {
        const bytes = Uint8Array.from(piece, char => BYTE_OF.get(char) ?? 0x3f);
        return low ? decode(Uint8Array.from(low(bytes)), ['euc-jp']) : decode(bytes, high);
      }
      const set = G1[piece];
      if (set) high = [set];
      else low = G0[piece];
      return '';
    })
    .join('');
}

/** Web name of one value of SpecificCharacterSet; none for ASCII. */
function labelOf(value: string): string | [] {
  const number = /(\d+) *$/.exec(value)?.[1];
  const name = value.trim();
  return (/^ISO[ _-]*(2022[ _-]*)?IR/i.test(name) ? LABELS[number ?? ''] : name) || [];
}

/** By the first set that all bytes fit. */
function decode(bytes: Uint8Array, sets: readonly string[]): string {
  for (const set of [...sets, 'utf-8']) {
    try {
      return new TextDecoder(set, { fatal: true }).decode(bytes);
    } catch {}
  }
  return new TextDecoder('latin1').decode(bytes);
}
