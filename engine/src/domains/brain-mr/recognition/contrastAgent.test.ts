import { describe, expect, it } from 'vitest';
import type { SeriesAttributes } from '../../../dicom/seriesAttributes';
import { coded } from '../../../testing/coded';
import { recognize } from './recognize';

const T1_TIMES = { Modality: 'MR', RepetitionTime: 600, EchoTime: 12, ScanningSequence: ['SE'] };
const t1 = (SeriesDescription: string, more: SeriesAttributes = {}) =>
  coded(recognize({ ...T1_TIMES, SeriesDescription, ...more }));

describe('names without and with the agent', () => {
  it.each([
    [
      'English',
      [
        'W/OUT GAD',
        'W/O C',
        'WO CONTRAST',
        'NON CONTRAST',
        'NONCON',
        'UNENHANCED',
        'NO GD',
        '-C',
        'PRE GAD',
        'GD (-)',
        'NOGAD',
        'no-gad',
        'CE(-)',
        'CONTRAST-FREE',
      ],
    ],
    [
      'German',
      [
        'o. KM',
        'o.KM',
        'oKM',
        'ohne KM',
        'vor KM',
        'nativ',
        'ohne Kontrastmittel',
        'vor Gd-Gabe',
        'v. KM',
        'KM-frei',
        'KM-',
      ],
    ],
    [
      'French',
      [
        'sans inj',
        'av. inj',
        'avant injection',
        'sans PDC',
        'sans gadolinium',
        'sans produit de contraste',
        'AVT GADO',
        'SS GADO',
        'GADO-',
        'IV-',
      ],
    ],
    ['Spanish', ['S/ CONTRASTE', 'S/C', 'sin CIV', 'sin contraste ev', 'sin gado', 'sin medio de contraste']],
    ['Portuguese', ['sem contraste', 'S/ GD', 'pré contraste', 'sem meio de contraste']],
    [
      'Italian',
      ['senza mdc', 's/mdc', 'basale', 'senza contrasto', 'senza mezzo di contrasto', 'prima del mdc'],
    ],
    [
      'Danish and Norwegian',
      [
        'uden kontrast',
        'u/kontrast',
        'uten kontrast',
        'før kontrast',
        'før gado',
        'u/gado',
        'uden kontraststof',
        'før i.v. kontrast',
      ],
    ],
    [
      'Swedish',
      ['utan kontrast', 'före kontrast', 'ej kontrast', 'före gadoliniumkontrastmedelsinjektion', 'före Gd'],
    ],
    [
      'Finnish',
      [
        'ilman tehostetta',
        'ennen tehostetta',
        'natiivi ilman kontrastia',
        'ei tehostetta',
        'ilman varjoainetta',
      ],
    ],
    ['Dutch', ['zonder contrast', 'blanco', 'voor contrast']],
    [
      'Polish',
      [
        'bez kontrastu',
        'przed kontrastem',
        'natywne',
        'bez środka kontrastowego',
        'przed podaniem kontrastu',
        'bez k.k.',
      ],
    ],
    ['Czech', ['bez k.l.', 'nativní', 'před kontrastem', 'bez kontrastní látky']],
    ['Hungarian', ['kontraszt nélkül', 'natív', 'ka. előtt', 'kontrasztanyag adása előtt']],
    ['Romanian', ['fără contrast', 'nativ', 'fără substanță de contrast']],
    ['Turkish', ['KONTRASTSIZ', 'kontrastsız', 'kontrast öncesi', 'IVKM öncesi']],
    [
      'Russian',
      [
        'без контраста',
        'до контраста',
        'нативная',
        'без КУ',
        'без контрастного усиления',
        'до введения контраста',
        'без в/в контраста',
      ],
    ],
    ['Greek', ['χωρίς σκιαγραφικό', 'χωρίς γαδολίνιο']],
    ['Chinese', ['平扫', '平掃', '增强前', '非增强', '注射造影剂前', '未强化']],
    ['Japanese', ['造影前', '単純', '非造影', '造影なし']],
    ['Indonesian', ['tanpa kontras']],
    ['Hebrew', ['ללא חומר ניגוד']],
    ['Arabic', ['بدون صبغة']],
    ['Korean', ['조영 전', '비조영', '조영증강전', '조영제 투여 전', '조영제 없이', '조영증강 없음']],
  ] as const)('%s: without is T1, sure of it', (_, words) => {
    const found = words.map(word => [word, t1(`T1 tra ${word}`)] as const);
    expect(found.map(([word, { role, confidence }]) => [word, role, confidence])).toEqual(
      words.map(word => [word, 't1', 'high']),
    );
  });

  it.each([
    [
      'English',
      [
        'W/ GAD',
        'W CON',
        'W/ CONTRAST',
        '+C',
        'C+',
        'ENHANCED',
        'POST',
        'POST-GD',
        'NO FS GAD',
        'GD (+)',
        'POST #2',
        'POST STEALTH',
        'POST OP POST GD',
      ],
    ],
    ['German', ['m. KM', 'mKM', 'mit KM', 'nach KM', 'KM', 'nach i.v. KM']],
    ['French', ['avec inj', 'ap. inj', 'après gado', 'sans FS GADO', 'GADO+', 'IV+']],
    ['Spanish', ['C/ CONTRASTE', 'C/C', 'con CIV', 'con gado']],
    ['Portuguese', ['com contraste', 'pós contraste']],
    ['Italian', ['con mdc', 'dopo mdc', 'con mezzo di contrasto']],
    ['Danish and Norwegian', ['med kontrast', 'm/kontrast', 'etter kontrast', 'med kontraststof']],
    ['Swedish', ['med kontrast', 'efter kontrast', 'efter gadoliniumkontrastmedelsinjektion']],
    ['Finnish', ['tehosteella', 'varjoaineella']],
    ['Dutch', ['met contrast', 'na contrast']],
    ['Polish', ['z kontrastem', 'po kontraście', 'po podaniu kontrastu', 'po podaniu k.k.']],
    ['Czech', ['s kontrastem', 'po k.l.', 's k.l.', 's kontrastní látkou', 'postkontrastní']],
    ['Hungarian', ['kontrasztos', 'ka. után', 'kontraszt után', 'kontrasztanyag adása után']],
    ['Romanian', ['cu contrast', 'cu substanță de contrast']],
    ['Turkish', ['KONTRASTLI', 'kontrast sonrası', 'IVKM sonrası']],
    [
      'Russian',
      [
        'с контрастом',
        'после контраста',
        'с КУ',
        'с введением КВ',
        'после введения КВ',
        '+КУ',
        'постконтраст',
      ],
    ],
    ['Greek', ['με σκιαγραφικό', 'με γαδολίνιο']],
    ['Chinese', ['增强', '增強', '增强后']],
    ['Japanese', ['造影', '造影後', 'CE(+)']],
    ['Hebrew', ['עם חומר ניגוד']],
    ['Arabic', ['مع صبغة']],
    ['Korean', ['조영증강', '조영 후', '조영 증강']],
  ] as const)('%s: with is T1 post-contrast, sure of it', (_, words) => {
    const found = words.map(word => [word, t1(`T1 tra ${word}`)] as const);
    expect(found.map(([word, { role, confidence }]) => [word, role, confidence])).toEqual(
      words.map(word => [word, 't1ce', 'high']),
    );
  });

  it.each([
    ...['POST FOSSA', 'POSTERIOR FOSSA', 'PRE-OP', 'POST-OP', 'POST RT', 'PREOP', 'post surgery', 'nach OP'],
    ...['Kontrolle', 'CONTROL', 'contralateral', 'IV ventricle'],
    ...['PRESTO', 'Postprocessed', 'pos-op', 'precentral', '(Gray/White Contrast)'],
  ])('“%s” is not about the agent', words => {
    const { role, confidence, alternatives, reasons } = t1(`T1 ${words}`);
    expect([role, confidence, alternatives]).toEqual(['t1', 'medium', ['t1ce']]);
    expect(reasons).toContain('brain-mr/recognition/agent-unknown');
  });

  it.each(['+/- C', '± KM', 'W/WO CONTRAST', 'with and without', 'ohne und mit KM', 'con y sin contraste'])(
    '“%s” is neither',
    words => {
      expect(t1(`T1 ${words} contrast`)).toMatchObject({ role: null, alternatives: ['t1', 't1ce'] });
    },
  );

  it.each([
    ['t1ce', ['POST DBS', 'POST GK', 'POST CLIP', 'post embo', 'POST VALSALVA', 'POST HOC', 'nach Coiling']],
    ['t1', ['PRE GK', 'PRE DBS']],
  ] as const)('%s is a guess where the name says of what else it is before or after', (role, words) => {
    for (const word of words) {
      const { alternatives, ...found } = t1(`T1 ${word}`);
      expect([word, found.role, found.confidence]).toEqual([word, role, 'low']);
      expect(alternatives).toHaveLength(1);
    }
  });

  it.each(['gado neg', 'utan synligt kontrast', 'sem uso prévio de GD'])(
    'is not sure of an agent beside “%s”',
    words => {
      expect(t1(`T1 ${words}`).confidence).toBe('low');
    },
  );

  it('takes a Danish agent for no angiogram', () => {
    expect(t1('T1 tra kontraststof')).toMatchObject({ role: 't1ce', confidence: 'high' });
    expect(t1('T1 3D TOF').refused).toContain('angiogram');
    expect(t1('s3DTOF').refused).toContain('angiogram');
  });

  it('is unsure where words contradict each other', () => {
    expect(t1('T1 nativ POST GD')).toMatchObject({ role: 't1', confidence: 'low', alternatives: ['t1ce'] });
    expect(t1('T1 平扫+增强')).toMatchObject({ confidence: 'low' });
  });
});

describe('ContrastBolusAgent', () => {
  it.each([
    ...['NO CONTRAST', 'none', 'NONE GIVEN', '0 ml', 'Gadovist 0 ml', '0.0 mL', 'o. KM', 'ohne', 'kein KM'],
    ...['sin contraste', 'sans', 'senza mdc', 'без контраста', '无', 'なし', 'yok', 'N/A'],
  ])('“%s” is none', ContrastBolusAgent => {
    const { role, reasons } = t1('T1 tra', { ContrastBolusAgent });
    expect(role).toBe('t1');
    expect(reasons[0]).toContain(`brain-mr/recognition/no-agent("${ContrastBolusAgent}")`);
  });

  it.each(['Gadavist', '7.0 ml Gadovist', '0.1 mmol/kg', '10ml Dotarem', 'Nonionic', 'NO IONIC GD'])(
    '“%s” is one',
    ContrastBolusAgent => {
      expect(t1('T1 tra', { ContrastBolusAgent })).toMatchObject({ role: 't1ce', confidence: 'high' });
    },
  );

  it('is never sure against a name', () => {
    expect(t1('T1 PRE', { ContrastBolusAgent: 'Gadavist' })).toMatchObject({
      role: 't1',
      confidence: 'medium',
      alternatives: ['t1ce'],
    });
    expect(t1('T1 POST GD', { ContrastBolusAgent: 'NONE' })).toMatchObject({
      role: 't1ce',
      confidence: 'low',
      alternatives: ['t1'],
    });
  });
});
