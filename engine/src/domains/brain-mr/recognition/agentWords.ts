import { terms } from './names';

/**
 * Words of series names for the agent, in the normalized form of `readable`. "Without" is looked for before
 * "with", as most names without the agent name it too: "ohne KM", "sin contraste", "без контраста".
 */

/** Before or after something else than the agent: "post fossa", "pre-op", "post RT". */
const OCCASION =
  '(?! ?(?:ops?|opera*|surg*|resec*|s?rt|xrt|tx|fx|radi*|chemo*|chir*|treat*|therap*|biops*|ablat*|shunt*' +
  '|fossa|trauma*|tumou?r*|crani*|stroke|ictal|partum)(?= ))';
/** Not "control", "Kontrolle", "contralateral". */
const CONTRAST = '(?:[ck]ontr|[ck]ontra(?!lat)*|контра*)';
const GADOLINIUM = '(?:gd|gad*|γαδολιν*)';
/** Glued to other words, or behind a sign. */
const GLUED = `(?:${CONTRAST}|con|${GADOLINIUM}|km|kl|mdc|c|ce|civ|iv|inj*|enh*)`;
/** What may stand behind "post" in the name of a series: planes, sequences, sizes, the head. */
const TECHNIQUE =
  '(?:#?\\d*|\\S{0,3}t[12]*|o?(?:ax|sag|cor|tra|trans|obl)*|sg|tr|vol|[23]d*|f ?s|fat*|fett*|sat*|spi*|spair' +
  '|t?f?s?se|gre|gr|ffe|t?fl|tfe|fspgr|irfspgr|ir|*spgr*|*mp ?ra*|mpr*|bravo|cube|space|spc|vibe|lava|thrive' +
  '|*flair*|dark|dixon|water|iso*|mm|thin|high|hi|hr|res*|brain|head|neuro|kopf|schadel|cerebr*|cran[ie]o?' +
  '|encef*|orbit*|iac*|sella*|pituit*|mt|mtc|nav*|stealth*|brainlab|repeat*|rpt|late|delay*|min*|images?' +
  '|series|recon*|reformat*|and|w|with|medium|agent*)';
const ALONE = `(?= (?:$|${GLUED} |${TECHNIQUE} ))`;
/** Not "prep", "press", "presat", "PRESTO", "previous", "precentral". */
const PRE = `(?:*t[12])?pre(?!p|ss|sat|scan|sto|vi|centr|cun|front|nat|mat)${OCCASION}*`;
/** Not "posterior" or "postprocessed". */
const POST = `(?:*t[12])?post(?!er|proc|ur)${OCCASION}*`;
const after = (word: string) => `(?:*t[12])?${word}(?:${GLUED}|(?=\\d|t[12])*)?`;

const AGENT =
  `(?:${CONTRAST}|σκιαγραφικ*|(?:tehoste|varjoaine)*|con|${GADOLINIUM}|km|k ?[lk]|c|ce|civ|mdc|pdc|cm|iv|ev|inj*|enh*` +
  '|agent*|dye|введ*|к ?[ув]|חומר ניגוד|صبغة|تباين)';
/** Words between "without" and the agent: "senza mezzo di contrasto", "przed podaniem kontrastu". */
const MEDIUM =
  '(?: (?:substant\\S{1,}|mezzo|medio|meio|produit|agente?|medium|srod\\S{1,}|podan\\S{1,}|admin\\S{1,}|iniezione|utilizzo|uso' +
  '|injection|в|внутривенн\\S{1,}|i|v|l|la|el|il|the|of|any|di|de|del|della|dell|do|da|du)){0,5}';
/** `terms` gives the star another meaning. */
const AGENTS = `(?:(?: ${AGENT})+)?`;
const WITHOUT = `(?:${[
  ...[
    'non?',
    'not',
    'without',
    'w ?o',
    'w ?out',
    'ohne',
    'vor',
    'sans',
    'avant',
    'avt',
    'av',
    'sin',
    'antes ?de',
  ],
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
  ...['ei', 'tanpa', 'ללא', 'بدون'],
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
/** Before or after, and of what is not said: "PRE GK", "POST DBS". */
export const BEFORE_SOMETHING = terms(PRE);
export const AFTER_SOMETHING = terms(
  POST,
  ...['apres', 'dopo', 'nach', 'pos', 'despues', 'depois', 'efter'].map(word => `${word}${OCCASION}`),
);

export const WITHOUT_AGENT = terms(
  `withoutagent${AGENTS}`,
  `${after('pre')}${ALONE}${AGENTS}`,
  `${WITHOUT}${MEDIUM}(?: ${AGENT})+`,
  // At the end the agent is understood: "T1 W/O".
  '(?:ohne|vor|sans|avant|sin|senza|sem|uden|uten|zonder|bez|without|w ?o|w ?out|без)(?= $)',
  // Swedish; Hungarian for after behind the agent.
  `(?<!${AGENT} |ka |adasa )utan(?= $)`,
  // o. KM, s/ contraste, s/mdc, u/kontrast; but "s kontrastem" is Czech for with.
  `(?:[osu]|(?<!i )v) (?:contra*|contr|con|km|mdc|${GADOLINIUM}|civ|inj*)`,
  '(?:[ou]|(?<!i )v) kontr(?!ol)*',
  `(?:for(?: i ?v)?|ss) (?:kontra*|contra*|inj*|${GADOLINIUM}|km|iv|pdc)`,
  ...['o(?:hne)?km', 'wocon*', 'non?(?:con|kontr|enh|gad|gd|km|inj)*', 'un ?enh*', 'бесконтраст*'],
  `${AGENT} ?(?:frei|free)`,
  ...['nativ*', 'natyw*', 'натив*', 'plain', 'basale', 'blanco'],
  // Turkish, Hungarian, Finnish
  ...['kontrasts[iu]z*', '(?:kontr*|tehoste*|ka|ivkm|km)(?: adas*)? (?:oncesi*|nelkul*|elott*)'],
  // Chinese, Japanese, Korean
  ...['*平[扫掃]*', '*単純*', '*비조영*', '*조영(?:증강)? ?전*'],
  ...[
    '*(?:增[强強]|造影|强化)[剂剤]? ?(?:前|なし|無)*',
    '*[非无無未不](?:增[强強]|造影|强化)*',
    '조영*(?: \\S{1,}){0,2} (?:전|없*)',
  ],
);

/** Words for without that stand with no agent; not "no FS". */
export const WITHOUT_SOMETHING = terms(
  `${WITHOUT}(?! (?:f ?s|fat*|fett*|sat*|graisse*|grasso))`,
  ...['neg*', '*[前非无無未不없]*', '*なし*'],
);

export const WITH_AGENT = terms(
  // Hungarian for after; Swedish for without.
  '(?:kontr*|ka|km)(?: adas*)? utan',
  ...['withagent', '*(?:gd|mdc|gad)', '*gado*', 'gad*', '(?:iv)?m?km', 'ce', 'civ', 'iv(?! ventr)'],
  ...['γαδολιν*', 'חומר ניגוד', 'صبغة'],
  `${after('post')}${ALONE}`,
  // A portable scanner's name is “T1 (Gray/White Contrast)”.
  `(?<!(?:white|gr[ae]y|tissue|image|soft|high) )${CONTRAST}`,
  ...[
    'inj*',
    'enh(?:anced?)?',
    'w ?con*',
    '(?:tehoste|varjoaine)*',
    'постконтраст*',
    'σκιαγραφικ*',
    '(?:с|после) (?:к ?[ув]|введ*)',
  ],
  `(?:apres|dopo|nach|pos|despues|depois|efter)${ALONE}`,
  ...['(?:s|z|po)(?: podaniu)? k ?[lk]', 't1w?ce', 't1w?c', '*增[强強]*', '*强化*', '*造影*', '*조영*'],
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
