import { describe, expect, it } from 'vitest';
import { DOMAINS } from '../domains';
import { message, render, type Text } from '../messages';
import { gridOf } from '../series/slices';
import { axial, foundBrain, soundFacts, source } from '../testing/preflight';
import { namesIn, sentencesIn } from '../testing/sentences';
import { textsOf } from '../texts';
import type { PreflightFacts } from './facts';
import { type Level, worst } from './report';
import { runPreflight } from './runPreflight';

/** As long and as misleading as a description may be: 64 characters, marks and all. */
const LONG = 'Sag. T1 MPRAGE? Post! 1.2.840.113619.2.5 IM0001.dcm, repeat. 2nd';
const patient = 'Müller-Lüdenscheidt^Anna Maria Katharina, 1.2.276.0.7230010.3.1.2, 19700203';

const languages = (['en', 'de'] as const).map(language => {
  const texts = textsOf(language);
  const template = (code: string, count?: number) =>
    texts[code] ?? texts[`${code}_${count === 1 ? 'one' : 'other'}`];
  return { language, template, number: (value: number, digits?: number) => value.toFixed(digits) };
});

const images = (count: number, more: object = {}) =>
  Array.from({ length: count }, (_, k) => ({
    instance: { Rows: 4, Columns: 4, PixelSpacing: [1, 1], InstanceNumber: k, ...more },
  }));
const unusable = (grid: ReturnType<typeof gridOf>) => ({
  sources: [source({ role: 't2' }), source({ description: LONG, grid })],
});

const STOPS: readonly [string, Level, Partial<PreflightFacts>, Text?][] = [
  ['a series without places', 'red', unusable(gridOf(images(300), LONG)), LONG],
  ['a series of few images', 'red', unusable(gridOf(images(3, { ImageType: [LONG] }), LONG)), LONG],
  [
    'two patients',
    'red',
    {
      patients: [
        { series: LONG, patient },
        { series: LONG, patient: `${patient}0` },
      ],
    },
    LONG,
  ],
  ['sources of two dates', 'amber', { dates: ['20200101', '20260101'] }],
  ['a study of one image', 'red', { single: true }],
  [
    'little brain',
    'red',
    { pixels: { region: foundBrain(undefined, { mask: new Uint8Array(1e5) }), alignment: new Map() } },
  ],
  ['a series that shows a part', 'red', { sources: [source({ grid: axial([200, 220, 20]) })] }],
  [
    'no alignment',
    'red',
    {
      pixels: {
        alignment: message('registration/no-overlap', { source: 'T1 post-contrast', reference: 'FLAIR' }),
      },
    },
  ],
  ['a damaged model', 'red', { model: message('bundle/corrupt', { file: 'bundles/a/fp32/b.onnx' }) }],
  [
    'many series that rival for a role',
    'amber',
    { rivals: [{ role: 't1', missing: true, series: Array(20).fill(LONG) }] },
    LONG,
  ],
  ['an unsure contrast', 'amber', { sources: [source({ description: LONG, confidence: 'low' })] }, LONG],
  ['a study in parts', 'amber', { parts: 60 }],
];

describe.each(languages)('in $language', language => {
  it.each(STOPS)('%s is told in two sentences, with what to do', (_, level, facts, series) => {
    const { checks } = runPreflight(soundFacts(facts), DOMAINS[0]);
    const found = checks.filter(check => check.level === level);
    expect(worst(checks.map(check => check.level))).toBe(level);
    for (const { text, remedy } of found) {
      const said = [text, ...(remedy ? [remedy] : [])].map(part => render(part, language)).join(' ');
      expect(sentencesIn(said), said).toBeLessThanOrEqual(2);
      expect(namesIn(said.replaceAll(LONG, '')).length).toBeLessThanOrEqual(3);
      // A remedy of its own, or one in the sentence.
      expect(remedy !== undefined || /[;:.] \p{L}/u.test(said), said).toBe(true);
    }
    if (series) expect(found.map(({ text }) => render(text, language)).join(' ')).toContain(series);
  });
});
