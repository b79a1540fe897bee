import type { SeriesAttributes } from '../dicom/seriesAttributes';
import type { RoleId } from '../domains/Role';

/** What one attribute says of a series by itself: its weighting, or whether an agent was given. */
type Hint = 't1' | 't2' | 'flair' | 't2 or flair' | 'given' | 'not given';

/** Plain words only: whoever reads them has no doubt. */
const WORDS: readonly (readonly [RegExp, Hint])[] = [
  [/^(?=.*\bT1\b)(?!.*(T2|FLAIR))/i, 't1'],
  [/^(?=.*\bT2\b)(?!.*(T1|FLAIR|T2 ?\*|star|GRE|GE|FFE))/i, 't2'],
  [/^(?=.*\bFLAIR\b)(?!.*T1)/i, 'flair'],
  [/\b(POST GD|post contrast|nach KM|con contraste)\b/i, 'given'],
  [/\b(sans injection|without contrast|sin contraste|pre contrast)\b/i, 'not given'],
];

/** Times that other contrasts do not have; ms. A FLAIR whose TI is absent has those of a T2. */
const TIMES: readonly (readonly [
  Hint,
  Pick<SeriesAttributes, 'RepetitionTime' | 'EchoTime' | 'InversionTime'>,
])[] = [
  ['t1', { RepetitionTime: 550, EchoTime: 10 }],
  ['t2 or flair', { RepetitionTime: 4200, EchoTime: 98 }],
  ['flair', { RepetitionTime: 9000, EchoTime: 120, InversionTime: 2500 }],
];

const ACQUIRED: Readonly<Record<string, Hint>> = { T1: 't1', T2: 't2', FLUID_ATTENUATED: 'flair' };
const AGENTS: Readonly<Record<string, Hint>> = { Gadobutrol: 'given', Gadovist: 'given', NONE: 'not given' };

/** What attributes say that are no evidence of a role but against it, each by itself. */
export function contraryHints(attributes: SeriesAttributes, role: RoleId): string[] {
  const { SeriesDescription = '', ProtocolName = '', AcquisitionContrast, ContrastBolusAgent } = attributes;
  const words = (name: string, of: string) =>
    WORDS.flatMap(([pattern, hint]) => (pattern.test(name) ? [[of, hint] as const] : []));
  const { RepetitionTime, EchoTime, InversionTime } = attributes;
  const times = TIMES.filter(
    ([, t]) =>
      t.RepetitionTime === RepetitionTime && t.EchoTime === EchoTime && t.InversionTime === InversionTime,
  );
  const hints = [
    ...words(SeriesDescription, 'description'),
    ...words(ProtocolName, 'protocol'),
    ...times.map(([hint]) => ['times', hint] as const),
    ...named('contrast', ACQUIRED, AcquisitionContrast),
    ...named('agent', AGENTS, ContrastBolusAgent),
  ];
  return hints.filter(([, hint]) => contradicts(hint, role)).map(([of, hint]) => `${of}: ${hint}`);
}

function named(of: string, table: Readonly<Record<string, Hint>>, value = ''): (readonly [string, Hint])[] {
  return Object.hasOwn(table, value) ? [[of, table[value]]] : [];
}

/** An agent says nothing about T2 and FLAIR, which are acquired with it, too. */
function contradicts(hint: Hint, role: RoleId): boolean {
  if (hint === 'given') return role === 't1';
  if (hint === 'not given') return role === 't1ce';
  if (hint === 't2 or flair') return role === 't1' || role === 't1ce';
  return hint !== (role === 't1ce' ? 't1' : role);
}
