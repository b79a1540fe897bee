import type { Message } from '../../../messages';
import { message } from '../en';
import { WITH_AGENT } from './agentWords';
import { terms } from './names';

/** A kind of image that is no source, with its names, ImageType values and vendor codes. */
export interface ImageKind {
  /** "a diffusion image" */
  label: Message;
  names?: RegExp;
  /** Names that mean something else by the same words. */
  unless?: RegExp;
  /** Its TR, TE and TI are those of none of the contrasts: a series with theirs may be named after it. */
  ownTimes?: true;
  /** Values of ImageType and AcquisitionContrast. */
  types?: readonly string[];
  /** Vendor codes in SequenceName and PulseSequenceName, lower case. */
  codes?: RegExp;
}

export const SPINE: ImageKind = {
  label: message('brain-mr/kind/spine'),
  names: terms(
    '*spine(?!cho)*',
    '[ctl]sp',
    ...['hws', 'bws', 'lws', 'rachis', 'moelle', 'colonna', 'coluna', 'columna', 'wervel*'],
    ...['cervical', 'thoracic', 'lumbar', 'lumbal', 'myelo*'],
  ),
};

const BODY: ImageKind = {
  label: message('brain-mr/kind/body'),
  names: terms(
    ...[
      'abdom*',
      'pelvis',
      'becken',
      'prostat*',
      'liver',
      'leber',
      'mrcp',
      'kidneys?',
      'cardiac',
      'breasts?',
    ],
    ...['mamma*', 'thorax', 'knees?', 'knie', 'shoulder', 'schulter', 'hips?', 'huft*', 'ankle', 'wrist'],
    ...['tmj', '(?<!(?:kopf|schadel) )hals'],
  ),
};

/** Tested in this order: computed images first. */
export const IMAGE_KINDS: readonly ImageKind[] = [
  {
    label: message('brain-mr/kind/computed'),
    names: terms(
      ...['synth*', 'symri*', 'symaps?', 'sy ?(?:[tr][12]|flair|pd|dir|psir|stir)*', 'magic', 'qmaps?'],
      'flairstar',
    ),
    types: ['SYNTHETIC', 'MULTI_QMAP'],
    codes: /mdme|qalas/,
  },
  {
    label: message('brain-mr/kind/map'),
    names: terms(
      ...['[tr][12]star map', 'r[12]star*'],
      't[12]rho*',
      '[tr][12] ?map*',
      'pd ?map',
      'b1 ?map*',
      'qsm',
      'mtr',
      '*molli*',
      '*vfa*',
      ...['q ?[tr][12](?:star)?', 'qpd', 'mapit*', 'despot*', 't[12] ?relax*', '[tr][12] ?karte'],
    ),
    types: [
      ...['T1MAP', 'T2MAP', 'PDMAP', 'R1', 'R2', 'B1MAP', 'T1 MAP', 'T2 MAP', 'T2_STAR MAP', 'R2_STAR MAP'],
      ...['T1_MAP', 'T2_MAP', 'PD_MAP', 'B1_MAP', 'PD MAP', 'R1 MAP', 'R2 MAP', 'R1_MAP', 'R2_MAP', 'B0 MAP'],
      ...['T2STAR_MAP', 'T2_STAR_MAP', 'R2STAR_MAP', 'R2_STAR_MAP', 'T2STAR MAP', 'R2STAR MAP', 'R2_STAR'],
    ],
  },
  {
    label: message('brain-mr/kind/subtraction'),
    names: terms('s{0,2}sub(?! \\d)', '*subs?tra*', 'soustra*', 'sottra*', 'sustra*'),
    types: ['SUBTRACTION', 'SUBTRACT', 'SUB'],
  },
  {
    label: message('brain-mr/kind/intensity-projection'),
    names: terms('*mip\\d{0,2}', 'mips*', 'mipseries*', 'min ?ip', 'max ?ip'),
    types: ['MIP', 'MINIP', 'MNIP', 'MIN IP', 'MAX IP', 'MIN_IP', 'MAX_IP', 'MAXIMUM'],
  },
  {
    label: message('brain-mr/kind/localizer'),
    ownTimes: true,
    names: terms(
      ...['loc', '*locali[sz]*', 'lokali*', '*scout*', '*survey*', 'scano*', 'topo(?:gram)?', 'pilot'],
      ...['posdisp', 'smartbrain', 'planscan', 'reperage', 'ubersicht', '(?:3|three) ?pl(?:ane)?s?'],
    ),
    types: ['LOCALIZER'],
  },
  SPINE,
  BODY,
  {
    label: message('brain-mr/kind/cisternography'),
    names: terms('*cisterno*'),
  },
  {
    label: message('brain-mr/kind/composed'),
    names: terms('mobiv*', 'composed?', 'comp sp'),
  },
  {
    label: message('brain-mr/kind/adc'),
    ownTimes: true,
    names: terms('*adc', 'apparent diffusion*', 'exponential appar*', 'average dc'),
    types: ['ADC', 'EADC'],
  },
  {
    label: message('brain-mr/kind/diffusion'),
    names: terms(
      ...[
        '*dwi*',
        '*dti*',
        '*diff(?:\\d*|usion*|weighted)?',
        '*difus*',
        'dw',
        'dmri*',
        'mddw',
        'dki',
        'ivim',
      ],
      ...['[a-z]{0,2}b ?\\d{3,4}(?:b|ap|pa)?', '\\d{3,4}b', 's?b0(?! map|rf)', 'trace*', 'hardi*', 'tensor'],
      ...['tracto*', '\\d+dir*', 'dir\\d+*'],
    ),
    // "T1 vol DTI", the anatomy beside it.
    ownTimes: true,
    types: ['DIFFUSION', 'TRACEW', 'TRACE', 'FA', 'TENSOR', 'TENSOR_B0', 'CALC_BVALUE'],
    codes: /^\*?ep_b\d|ep2d_diff|re_b\d/,
  },
  {
    label: message('brain-mr/kind/perfusion'),
    names: terms(
      ...['*perf(?:usi*)?\\d?', '*asl', '*casl*', '*pasl*', '*pwi', '*cbf', '*cbv', 'mtt', 'ttp', 'tmax'],
      ...['dsc', 'dce', 'test bolus', 'care bolus', 'bolus track*', 'dyn(?:amic*)?'],
    ),
    types: ['PERFUSION', 'ASL', 'CBF', 'CBV', 'MTT', 'TTP', 'TMAX', 'RELCBF', 'RCBF', 'RCBV'],
  },
  {
    label: message('brain-mr/kind/susceptibility'),
    names: terms('*swi*', '*swan*', '(?:mag|pha|filt) images?', 'filt (?:pha|mag)', 'ven ?o?bold', 'susc*'),
    codes: /swi/,
  },
  {
    label: message('brain-mr/kind/angiogram'),
    names: terms(
      ...['*mra', '*mrv', '(?!*stof )*tof', '*angio*', '*carotid*', 'venogr*', '*pca', '[23]d ?pc', 'willis'],
      ...['tricks', 'inhance', 'trance', 'twist', 'inflow', 's?3di', 'mc hr'],
    ),
    types: ['ANGIO', 'TIME_OF_FLIGHT', 'FLOW_ENCODED'],
    codes: /tof|^\*?fi[23]d/,
  },
  {
    label: message('brain-mr/kind/functional'),
    ownTimes: true,
    names: terms('*bold*', '*fmri*', '*fcmri*', 'resting*', 'rest state', 'restmri*', '*sbref', 'task'),
    types: ['FMRI', 'MOSAIC'],
    codes: /epfid/,
  },
  {
    label: message('brain-mr/kind/echo-planar'),
    ownTimes: true,
    names: terms('*epi(?:rt)?', 'ep2d*'),
    codes: /^\*?ep|^se ?epi/,
  },
  {
    label: message('brain-mr/kind/field-map'),
    ownTimes: true,
    names: terms('*field ?map*', 'b0(?:rf)?(?: map| ns)?', '*fmap', '*distortion*', 'topup'),
  },
  {
    label: message('brain-mr/kind/spectroscopy'),
    ownTimes: true,
    names: terms('*csi', 'probe', 'press', 'steam', 'svs', 'mrs', '*spectro*', 'cest*'),
    codes: /csi|svs/,
  },
  {
    label: message('brain-mr/kind/calibration'),
    ownTimes: true,
    names: terms('cal', 'calib*', 'asset cal*', 'ref scan', 'coil sens*'),
  },
  {
    label: message('brain-mr/kind/magnetization-transfer'),
    names: terms(
      'gre (?:mt\\d?|nm)*',
      'gre t1w?',
      'gre me',
      'nm mt',
      'nm',
      'mt[01w]?',
      'mtc',
      'mton',
      'mtoff',
    ),
    // A T1 after the agent with a pulse for magnetization transfer, which darkens the tissue around.
    unless: WITH_AGENT,
  },
  {
    label: message('brain-mr/kind/double-inversion-recovery'),
    names: terms('dir', 'd(?:ou)?b(?:le)? (?:ir|inversion*)'),
  },
  {
    label: message('brain-mr/kind/phase-sensitive-inversion-recovery'),
    names: terms('*psir*', 'phase sens*'),
  },
  {
    label: message('brain-mr/kind/mp2rage'),
    names: terms('*mp2r*', 'unit1', 'uni ?(?:den*|images?)', 'uni(?= $)', 'inv ?[12]'),
    types: ['UNI', 'UNI-DEN', 'UNI_DEN', 'UNIDEN', 'INV1', 'INV2'],
  },
  {
    label: message('brain-mr/kind/screen'),
    ownTimes: true,
    names: terms(
      'screen ?save*',
      'screens?hots?',
      '*capture',
      'phoenix*',
      'report',
      'processed images?',
      'autosave',
    ),
    types: ['SCREEN SAVE', 'SCREENSHOT', 'SCREEN_SAVE', 'CSA REPORT'],
  },
];
