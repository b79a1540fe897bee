import { type Sentence, say } from '../say';
import { terms } from './names';

/** A kind of images that is no source, by what names, ImageType and vendors' codes call it. */
export interface Kind {
  /** "a diffusion image" */
  is: Sentence;
  names?: RegExp;
  /** Values of ImageType and AcquisitionContrast. */
  types?: readonly string[];
  /** Vendors' codes in SequenceName and PulseSequenceName, in lower case. */
  codes?: RegExp;
}

export const SPINE: Kind = {
  is: say`an image of the spine`,
  names: terms(
    '*spine(?!cho)*',
    '[ctl]sp',
    ...['hws', 'bws', 'lws', 'rachis', 'moelle', 'colonna', 'coluna', 'columna', 'wervel*'],
    ...['cervical', 'thoracic', 'lumbar', 'lumbal', 'myelo*'],
  ),
};

/** In the order in which they are asked: whatever is made of other images first. */
export const KINDS: readonly Kind[] = [
  {
    is: say`computed from other images (synthetic)`,
    names: terms('synthetic*', 'synthesi[sz]ed', 'symri*', 'magic', 'qmaps?'),
    types: ['SYNTHETIC', 'MULTI_QMAP'],
    codes: /mdme|qalas/,
  },
  {
    is: say`a quantitative map`,
    names: terms('[tr][12]star map', 't[12]rho*', '[tr][12] ?map*', 'pd ?map', 'b1 ?map*', 'qsm', 'mtr'),
    types: ['T1MAP', 'T2MAP', 'PDMAP', 'R1', 'R2', 'B1MAP', 'T1 MAP', 'T2 MAP', 'T2_STAR MAP', 'R2_STAR MAP'],
  },
  {
    is: say`a subtraction`,
    names: terms('s{0,2}sub(?! \\d)', '*subs?tra*', 'soustra*', 'sottra*', 'sustra*'),
    types: ['SUBTRACTION', 'SUBTRACT', 'SUB'],
  },
  {
    is: say`a maximum or minimum intensity projection`,
    names: terms('*mip\\d{0,2}', 'mips*', 'mipseries*', 'min ?ip', 'max ?ip'),
    types: ['MIP', 'MINIP', 'MNIP', 'MIN IP', 'MAX IP', 'MIN_IP', 'MAX_IP', 'MAXIMUM'],
  },
  {
    is: say`a localizer`,
    names: terms(
      ...['loc', '*locali[sz]*', 'lokali*', '*scout*', '*survey*', 'scano*', 'topo(?:gram)?', 'pilot'],
      ...['posdisp', 'smartbrain', 'planscan', 'reperage', 'ubersicht', '(?:3|three) ?pl(?:ane)?s?'],
    ),
    types: ['LOCALIZER'],
  },
  SPINE,
  {
    is: say`composed of several table positions: spine or body`,
    names: terms('mobiv*', 'composed?', 'comp sp'),
  },
  {
    is: say`an apparent diffusion coefficient`,
    names: terms('*adc', 'apparent diffusion*', 'exponential appar*', 'average dc'),
    types: ['ADC', 'EADC'],
  },
  {
    is: say`a diffusion image`,
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
    types: ['DIFFUSION', 'TRACEW', 'TRACE', 'FA', 'TENSOR', 'TENSOR_B0', 'CALC_BVALUE'],
    codes: /^\*?ep_b\d|ep2d_diff|re_b\d/,
  },
  {
    is: say`a perfusion image`,
    names: terms(
      ...['*perf(?:usi*)?\\d?', '*asl', '*casl*', '*pasl*', '*pwi', '*cbf', '*cbv', 'mtt', 'ttp', 'tmax'],
      ...['dsc', 'dce', 'test bolus', 'care bolus', 'bolus track*'],
    ),
    types: ['PERFUSION', 'ASL', 'CBF', 'CBV', 'MTT', 'TTP', 'TMAX', 'RELCBF', 'RCBF', 'RCBV'],
  },
  {
    is: say`susceptibility-weighted`,
    names: terms('*swi*', '*swan*', '(?:mag|pha|filt) images?', 'filt (?:pha|mag)', 'ven ?o?bold', 'susc*'),
    codes: /swi/,
  },
  {
    is: say`an angiogram`,
    names: terms(
      ...['*mra', '*mrv', '*tof', '*angio*', '*carotid*', 'venogr*', '*pca', '[23]d ?pc', 'willis'],
      ...['tricks', 'inhance', 'trance', 'twist', 'inflow', 's?3di', 'mc hr'],
    ),
    types: ['ANGIO', 'TIME_OF_FLIGHT', 'FLOW_ENCODED'],
    codes: /tof|^\*?fi[23]d/,
  },
  {
    is: say`a functional image`,
    names: terms('*bold*', '*fmri*', '*fcmri*', 'resting*', 'rest state', 'restmri*', '*sbref', 'task'),
    types: ['FMRI', 'MOSAIC'],
    codes: /epfid/,
  },
  {
    is: say`echo planar: diffusion, perfusion or function`,
    names: terms('*epi(?:rt)?', 'ep2d*'),
    codes: /^\*?ep|^se ?epi/,
  },
  {
    is: say`a field map`,
    names: terms('*field ?map*', 'b0(?:rf)?(?: map| ns)?', '*fmap', '*distortion*', 'topup'),
  },
  {
    is: say`spectroscopy`,
    names: terms('*csi', 'probe', 'press', 'steam', 'svs', 'mrs', '*spectro*', 'cest*'),
    codes: /csi|svs/,
  },
  { is: say`a calibration`, names: terms('cal', 'calib*', 'asset cal*', 'ref scan', 'coil sens*') },
  {
    is: say`neuromelanin or magnetization transfer imaging`,
    names: terms(
      'gre (?:mt\\d?|nm)*',
      'gre t1w?',
      'gre me',
      'nm mt',
      'nm',
      'mt[01]?',
      'mtc',
      'mton',
      'mtoff',
    ),
  },
  { is: say`a double inversion recovery image`, names: terms('dir', 'double (?:ir|inversion*)') },
  { is: say`one of the images of an MP2RAGE`, names: terms('*mp2rage*') },
  {
    is: say`a phase image`,
    names: terms('pha', 'phase (?:images?|map|diff*)'),
    types: ['P', 'PHASE', 'PHASE MAP', 'PHASE_MAP'],
  },
  {
    is: say`a picture of the screen or a report`,
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
