import { describe, expect, it } from 'vitest';
import type { InputDistribution } from '../bundle/inputDistribution';
import { DOMAINS } from '../domains';
import type { RoleId } from '../domains/Role';
import { type Language, type Message, render } from '../messages';
import { model, soundFacts } from '../testing/preflight';
import { tinyManifest } from '../testing/tinyManifest';
import { textsOf } from '../texts';
import { checkFit } from './checkFit';
import type { PreflightFacts } from './facts';

const names = ['floor', 'noise', 'grain', 'q50', 'repetition_j', 'shading_k'];
const group = (features: readonly string[]): InputDistribution['groups'][string] => ({
  features: Object.fromEntries(features.map(name => [name, { centre: 0, scale: 1 }])),
  whitening: features.map((_, n) => Array.from({ length: n + 1 }, (_, i) => (i === n ? 1 : 0))),
  limit: 4,
});
const input_distribution: InputDistribution = {
  patients: 80,
  percentile: 99,
  groups: {
    t1: group(names),
    t2: { ...group(names), features: { ...group(names).features, q50: { centre: 9, scale: 1 } } },
    't1+t2': group(['edge_places']),
    region: group(['volume', 'base_offset_j']),
  },
  confusions: [{ roles: { t1: 't2', t2: 't1' }, evidence: 50 }],
};

const usual = { floor: 0, noise: 0, grain: 0, q50: 0, repetition_j: 0, shading_k: 0 };

/** The fit to the model of a job of T1 and T2 whose features deviate so. */
function fit(
  t1: Partial<typeof usual> = {},
  t2: Partial<typeof usual> = {},
  agreement = 0,
  volume = 0,
  base_offset_j = 0,
): ReturnType<typeof checkFit> {
  const features = {
    sources: new Map<RoleId, typeof usual>([
      ['t1', { ...usual, ...t1 }],
      ['t2', { ...usual, q50: 9, ...t2 }],
    ]),
    pairs: [{ roles: ['t2', 't1'], features: { edge_places: agreement } }],
    region: { volume, base_offset_j },
  };
  const { pixels } = soundFacts();
  const facts: PreflightFacts = soundFacts({
    model: model({ ...tinyManifest(), input_distribution }),
    ...(pixels && { pixels: { ...pixels, features } }),
  });
  return checkFit(facts, DOMAINS[0]);
}

function language(id: 'en' | 'de'): Language {
  const texts = textsOf(id);
  return { template: code => texts[code], number: value => `${value}` };
}

const says = (text: Message | undefined, id: 'en' | 'de') => text && render(text, language(id));

describe('the fit to the model', () => {
  it('is good where the inputs are usual, and where the model does not say', () => {
    expect(fit({ noise: 3 })).toMatchObject({ level: 'green', text: { code: 'preflight/fit-good' } });
    expect(checkFit(soundFacts(), DOMAINS[0])?.level).toBe('green');
  });

  it('is amber where one is not: which and in what, in both languages', () => {
    const found = fit({}, { noise: 6 });
    expect(found?.level).toBe('amber');
    expect(says(found?.text, 'en')).toBe(
      'T2 is unusual (noise or false edges): farther from the usual than 99 % of the 80 patients compared.',
    );
    expect(says(found?.text, 'de')).toBe(
      'T2 ist ungewöhnlich (Rauschen oder falsche Kanten): weiter vom Üblichen als bei 99 % der 80 verglichenen Patienten.',
    );
    expect(says(found?.remedy, 'en')).toMatch(/^Look at the images[.] /);
    expect(says(found?.remedy, 'de')).toMatch(/^Sehen Sie die Bilder an[.] /);
  });

  it.each([
    [{ floor: 9 }, 'parts without signal'],
    [{ noise: -9 }, 'blurred or without detail'],
    [{ grain: 9 }, 'noise or false edges'],
    [{ grain: -9 }, 'blurred or without detail'],
    [{ repetition_j: 9 }, 'copies of the anatomy, as from motion'],
    [{ shading_k: -9 }, 'uneven brightness'],
    [{ q50: -9 }, 'its grey values'],
  ])('says what deviates: %j, %s', (t1, what) => {
    expect(says(fit(t1)?.text, 'en')).toContain(`T1 is unusual (${what}): `);
  });

  it('names pairs and the region, three at most, the farthest first', () => {
    const text = says(fit({ noise: 5 }, { noise: 8 }, 7, 6)?.text, 'en');
    expect(text).toMatch(/^T2 is unusual .*; T2 and T1 match unusually; Brain is of unusual shape or size: /);
  });

  it('says that a head lies unusually, in both languages', () => {
    const text = fit({}, {}, 0, 0, -9)?.text;
    expect(says(text, 'en')).toMatch(/^Brain lies unusually: upside down, turned or tilted: /);
    expect(says(text, 'de')).toMatch(/: Lage ungewöhnlich [(]kopfüber, gedreht oder geneigt[)]: /);
  });

  it('says of exchanged contrasts what they look like, in both languages', () => {
    const { text } = fit({ q50: 9 }, { q50: 0 }) ?? {};
    expect(says(text, 'en')).toBe('What was given as T1 looks like T2. What was given as T2 looks like T1.');
    expect(says(text, 'de')).toBe(
      'Was als T1 gegeben wurde, sieht aus wie T2. Was als T2 gegeben wurde, sieht aus wie T1.',
    );
  });
});
