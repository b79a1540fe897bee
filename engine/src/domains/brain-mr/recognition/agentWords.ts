import { terms } from './names';

/**
 * Words of series names for the agent, in the normalized form of `readable`. "Without" is looked for before
 * "with", as most names without the agent name it too: "ohne KM", "sin contraste", "без контраста".
 */

/** Before or after something else than the agent: "post fossa", "pre-op", "post RT". */
const OCCASION =
  '(?! ?(?:ops?|opera*|surg*|resec*|s?rt|xrt|tx|fx|radi*|chemo*|chir*|treat*|therap*|biops*|ablat*|shunt*' +
  '|fossa|trauma*|tumou?r*|crani*|stroke|ictal|partum)(?= ))';
/** Not "prep", "press", "presat", "PRESTO", "previous", "precentral". */
const PRE = `(?:*t[12])?pre(?!p|ss|sat|scan|sto|vi|centr|cun|front|nat|mat)${OCCASION}*`;
/** Not "posterior" or "postprocessed". */
const POST = `(?:*t[12])?post(?!er|proc|ur)${OCCASION}*`;

const AGENT =
  '(?:contr*|kontr*|контраст*|σκιαγραφικ*|tehoste*|con|gd|gad*|km|k ?l|c|ce|civ|mdc|pdc|cm|iv|ev|inj*|enh*' +
  '|agent*|dye|введ*|к ?[ув])';
/** Words between "without" and the agent: "senza mezzo di contrasto", "przed podaniem kontrastu". */
const MEDIUM =
  '(?: (?:mezzo|medio|meio|produit|agente?|medium|srod\\S{1,}|podan\\S{1,}|admin\\S{1,}|iniezione|utilizzo|uso' +
  '|injection|l|la|el|il|the|of|any|di|de|del|della|dell|do|da|du)){0,5}';
/** `terms` gives the star another meaning. */
const AGENTS = `(?:(?: ${AGENT})+)?`;
const WITHOUT = `(?:${[
  ...['non?', 'not', 'without', 'w ?o', 'w ?out', 'ohne', 'vor', 'sans', 'avant', 'av', 'sin', 'antes ?de'],
  ...[
    'senza',
    'prima ?(?:di|del|della|dell)',
    'sem',
    'sense',
    'utan',
    'ej',
    'fore',
    'uden',
    'uten',
    'ikke',
    'ilman',
    'ennen',
  ],
  ...['zonder', 'voor', 'bez', 'przed', 'pred', 'prije', 'fara', 'без', 'до', 'χωρις', 'πριν'],
].join('|')})`;
const WITH = '(?:with|w|mit|avec|con|com|med|met|cu|s|z|с)';
const AND = '(?: (?:and|und|et|y|e|och|og|en|i|a|и))?';

/** An image of both: "T1 +/- C", "w/wo", "ohne und mit KM". */
export const BOTH = terms(
  'withorwithout',
  `${WITHOUT}(?: ${AGENT})?${AND} ${WITH} ${AGENT}`,
  `${WITH}(?: ${AGENT})?${AND} ${WITHOUT} ${AGENT}`,
  'w wo',
  'w w o',
);
export const BEFORE_AGENT = terms(PRE);
export const AFTER_AGENT = terms(POST);

export const WITHOUT_AGENT = terms(
  `withoutagent${AGENTS}`,
  `${PRE}${AGENTS}`,
  `${WITHOUT}${MEDIUM}(?: ${AGENT})+`,
  // At the end the agent is understood: "T1 W/O".
  '(?:ohne|vor|sans|avant|sin|senza|sem|utan|uden|uten|zonder|bez|without|w ?o|w ?out|без)(?= $)',
  // o. KM, s/ contraste, s/mdc, u/kontrast; but "s kontrastem" is Czech for with.
  '[osu] (?:contr*|con|km|mdc|gd|gad*|civ|inj*)',
  '[ou] kontr*',
  'for (?:kontr*|inj*)',
  ...['o(?:hne)?km', 'wocon*', 'non?(?:con|kontr|enh)*', 'un ?enh*', 'бесконтраст*'],
  ...['nativ*', 'natyw*', 'натив*', 'plain', 'basale', 'blanco'],
  // Turkish, Hungarian, Finnish
  ...['kontrasts[iu]z*', '(?:kontr*|tehoste*) (?:oncesi*|nelkul*|elott*)'],
  // Chinese, Japanese, Korean
  ...['*平[扫掃]*', '*単純*', '*비조영*', '*조영(?:증강)? ?전*'],
  ...['*(?:增[强強]|造影) ?前*', '*[非无無未不](?:增[强強]|造影)*'],
);

export const WITH_AGENT = terms(
  ...['withagent', POST, '*(?:gd|mdc|gad)', '*gado*', 'gad*', 'm?km', 'ce', 'civ', 'iv', 'kontr*'],
  // A portable scanner's name is “T1 (Gray/White Contrast)”.
  '(?<!(?:white|gr[ae]y|tissue|image|soft|high) )contr*',
  ...[
    'inj*',
    'enh(?:anced?)?',
    'w ?con*',
    'tehoste*',
    'контраст*',
    'σκιαγραφικ*',
    '(?:с|после) (?:к ?[ув]|введ*)',
  ],
  ...['(?:apres|dopo|nach|pos|despues|depois)', 'efter'].map(word => `${word}${OCCASION}`),
  ...['(?:s|po) k ?l', 't1w?ce', 't1w?c', '*增[强強]*', '*强化*', '*造影*', '*조영*'],
  ...['dotarem', 'magnevist', 'omniscan', 'prohance', 'clariscan', 'multihance', 'elucirem', 'vueway'],
  'primovist',
);

/** "T1 SAG C": +C after an archive removed the sign. */
export const LAST_C = /(?<= )c(?= $)/;

/** ContrastBolusAgent for none: "NO CONTRAST", "none", "o. KM", "0 ml". */
export const NO_AGENT = new RegExp(
  '^ (?:(?:no|not)(?! ionic)|non(?= (?:contr|admin|somm))|none|nil|nicht|kein\\S*|ohne|o(?= km)|without|w o' +
    '|sans|aucun\\S*|sin|ningun\\S*|sem|nenhum\\S*|senza|nessun\\S*|zonder|geen|uden|ingen|inget|utan|uten' +
    '|bez\\S*|brak|zadn\\S*|нет|без|yok|无|無|なし|없음|nativ\\S*) ' +
    '|^ (?:n|na|n a|non|0+(?: 0+)*) $' +
    '|(?<!\\d )(?<= )0+(?: 0+)* ?(?:ml|cc|mmol|mg)(?= )',
);
