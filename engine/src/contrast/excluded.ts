import { find, type Name, namesOf } from './names';
import type { SeriesAttributes } from './SeriesAttributes';
import { isSynthetic } from './synthetic';

/** Kinds of images that are no source, by what their names and their ImageType call them. */
interface Kind {
  /** "a diffusion image" */
  is: string;
  names?: RegExp;
  /** Values of ImageType. */
  types?: readonly string[];
  /** Vendors' codes in SequenceName and PulseSequenceName. */
  codes?: RegExp;
}

const SPINE =
  /(?<= )(?:\S*spine(?!cho)\S*|[ctl]sp|hws|bws|lws|rachis|moelle|colonna|coluna|columna|cervical|thoracic|lumbar|lumbal|myelo\S*|wervel\S*)(?= )/;

const KINDS: readonly Kind[] = [
  {
    is: 'computed from other images (synthetic)',
    names: /(?<= )(?:synthetic\S*|synthesi[sz]ed|symri\S*|magic|qmaps?)(?= )/,
    types: ['SYNTHETIC', 'MULTI_QMAP'],
    codes: /mdme|qalas/,
  },
  {
    is: 'a quantitative map',
    names: /(?<= )(?:[tr][12]star map|t[12]rho\S*|[tr][12] ?map\S*|pd ?map|b1 ?map\S*|qsm|mtr)(?= )/,
    types: ['T1MAP', 'T2MAP', 'PDMAP', 'R1', 'R2', 'B1MAP', 'T1 MAP', 'T2 MAP', 'T2_STAR MAP', 'R2_STAR MAP'],
  },
  {
    is: 'a subtraction',
    names: /(?<= )(?:s*sub(?! \d)|\S*subs?tra\S*|soustra\S*|sottra\S*|sustra\S*)(?= )/,
    types: ['SUBTRACTION', 'SUBTRACT', 'SUB'],
  },
  {
    is: 'a maximum or minimum intensity projection',
    names: /(?<= )(?:\S*mip[0-9]*|mips\S*|min ?ip|max ?ip|minip|mipseries\S*)(?= )/,
    types: ['MIP', 'MINIP', 'MNIP', 'MIN IP', 'MAX IP', 'MIN_IP', 'MAX_IP', 'MAXIMUM'],
  },
  {
    is: 'a localizer',
    names:
      /(?<= )(?:loc|\S*locali[sz]\S*|lokali\S*|\S*scout\S*|\S*survey\S*|scano\S*|topo(?:gram)?|pilot|posdisp|smartbrain|reperage|ubersicht|planscan|(?:3|three) ?pl(?:ane)?s?|3plane)(?= )/,
    types: ['LOCALIZER'],
  },
  { is: 'an image of the spine', names: SPINE },
  {
    is: 'composed of several table positions: spine or body',
    names: /(?<= )(?:mobiv\S*|composed?|comp sp)(?= )/,
  },
  {
    is: 'an apparent diffusion coefficient',
    names: /(?<= )(?:\S*adc|apparent diffusion\S*|exponential appar\S*|average dc|\S*difu\S* adc)(?= )/,
    types: ['ADC', 'EADC'],
  },
  {
    is: 'a diffusion image',
    names:
      /(?<= )(?:\S*dwi\S*|\S*dti\S*|\S*diff(?:\d\S*|usion\S*|weighted)?|\S*difus\S*|dw|dmri\S*|\S*b ?\d{3,4}(?:b|ap|pa)?|\d{3,4}b|s?b0(?! map|rf)|trace\S*|tracew\S*|mddw|dki|ivim|hardi\S*|tensor|tracto\S*|\d+dir\S*|dir\d+\S*)(?= )/,
    types: ['DIFFUSION', 'TRACEW', 'FA', 'TENSOR', 'TENSOR_B0', 'CALC_BVALUE', 'TRACE'],
    codes: /^\*?ep_b\d|ep2d_diff|re_b\d/,
  },
  {
    is: 'a perfusion image',
    names:
      /(?<= )(?:\S*perf(?:usi\S*)?\d*|\S*asl|\S*pwi|\S*cbf|\S*cbv|mtt|ttp|tmax|dsc|dce|\S*bolus\S*|\S*casl\S*|\S*pasl\S*)(?= )/,
    types: ['PERFUSION', 'ASL', 'CBF', 'CBV', 'MTT', 'TTP', 'TMAX', 'RELCBF', 'RCBF', 'RCBV'],
  },
  {
    is: 'susceptibility-weighted',
    names:
      /(?<= )(?:\S*swi\S*|\S*swan\S*|(?:mag|pha|filt) images?|filt (?:pha|mag)|venobold|ven bold|images sw|susc\S*)(?= )/,
    codes: /swi/,
  },
  {
    is: 'an angiogram',
    names:
      /(?<= )(?:\S*mra|\S*mrv|\S*tof|\S*angio\S*|\S*carotid\S*|venogr\S*|\S*pca|[23]d ?pc|tricks|inhance|trance|twist|inflow|s?3di|mc hr|willis)(?= )/,
    types: ['ANGIO'],
    codes: /tof|^\*?fi[23]d/,
  },
  {
    is: 'a functional image',
    names:
      /(?<= )(?:\S*bold\S*|\S*fmri\S*|rest(?:ing)?(?:mri\S*| ?state\S*)?(?= (?!slab))|\S*sbref|task|\S*fcmri\S*)(?= )/,
    types: ['FMRI', 'MOSAIC'],
    codes: /epfid/,
  },
  {
    is: 'echo planar: diffusion, perfusion or function',
    names: /(?<= )(?:\S*epi(?:rt)?|ep2d\S*)(?= )/,
    codes: /^\*?ep|^se ?epi/,
  },
  {
    is: 'a field map',
    names:
      /(?<= )(?:\S*field ?map\S*|field(?: mapping)?|b0(?:rf)?(?: map| ns)?|\S*fmap|fm|\S*distortion\S*|topup)(?= )/,
  },
  {
    is: 'spectroscopy',
    names: /(?<= )(?:\S*csi|probe|press|steam|svs|mrs|\S*spectro\S*|cest\S*)(?= )/,
    codes: /csi|svs/,
  },
  {
    is: 'a calibration',
    names: /(?<= )(?:cal|calib\S*|asset cal\S*|\S*phantom only|ref scan|coil sens\S*|noise)(?= )/,
  },
  {
    is: 'neuromelanin or magnetization transfer imaging',
    names: /(?<= )(?:gre (?:mt\d?|nm)\S*|gre t1w?|nm mt|nm|mt[01]?|mtc|mton|mtoff|gre me)(?= )/,
  },
  {
    is: 'one of the images of an MP2RAGE',
    names: /(?<= )\S*mp2rage\S*(?= )/,
  },
  {
    is: 'a phase image',
    names: /(?<= )(?:phase|pha)(?= )/,
    types: ['P', 'PHASE', 'PHASE MAP', 'PHASE_MAP'],
  },
  {
    is: 'a picture of the screen or a report',
    names:
      /(?<= )(?:screen ?save\S*|screens?hots?|\S*capture|phoenix\S*|report|processed images?|autosave)(?= )/,
    types: ['SCREEN SAVE', 'SCREENSHOT', 'SCREEN_SAVE', 'CSA REPORT'],
  },
];

/** PS3.4 B.5: the Secondary Capture storage classes begin so. */
const SECONDARY_CAPTURE = '1.2.840.10008.5.1.4.1.1.7';
/** Words for the head in a protocol name, and values of BodyPartExamined (PS3.16 annex L) with a brain in the picture. */
const HEAD =
  /brain|head|skull|neuro|crani|cerebr|enceph|encef|kopf|schadel|orbit|optic|pituit|sella|\b(?:face|iac|ear)\b/i;
const SPINE_PARTS = /spine|^neck$|cervical|lumb|sacr|vertebr/i;

/**
 * Why a series must not be a source whatever the person says, in words, or null. `DERIVED\SECONDARY` alone is no reason.
 * The protocol name counts where the description names no kind at all: many scanners put a whole examination there.
 */
export function exclusion(attributes: SeriesAttributes, names: readonly Name[]): string | null {
  const { Modality, SOPClassUID, ImageType = [], BodyPartExamined = '', ScanningSequence = [] } = attributes;
  if (Modality !== undefined && Modality !== 'MR') return `Modality is ${Modality}, not MR.`;
  if (isSynthetic(attributes)) {
    return 'This series is synthetic by its own tags; a predicted image is never used as a source.';
  }
  if (SOPClassUID?.startsWith(SECONDARY_CAPTURE)) return 'It is a secondary capture, not an acquired image.';
  const types = ImageType.map(value => value.trim().toUpperCase());
  const codes = [attributes.SequenceName, attributes.PulseSequenceName].map(
    code => code?.toLowerCase() ?? '',
  );
  for (const { is, names: pattern, types: named, codes: code } of KINDS) {
    const found = pattern && find(names, pattern);
    if (found) return `It is ${is}: ${found.name.of} says “${found.words}”.`;
    const type = named?.find(value => types.includes(value));
    if (type) return `It is ${is}: ImageType says ${type}.`;
    const sequence = code && codes.find(value => code.test(value));
    if (sequence) return `It is ${is}: its sequence is ${sequence}.`;
  }
  if (ScanningSequence.some(value => value.trim().toUpperCase() === 'EP')) {
    return 'It is echo planar (ScanningSequence EP): diffusion, perfusion or function.';
  }
  const part = BodyPartExamined.trim();
  if (SPINE_PARTS.test(part)) return `It is an image of the spine: BodyPartExamined says ${part}.`;
  const protocol = namesOf(attributes).find(name => name.of === 'the protocol name');
  const spine = protocol && !HEAD.test(protocol.line) && find([protocol], SPINE);
  if (spine) return `It is an image of the spine: ${spine.name.of} says “${spine.words}”.`;
  return null;
}

/** The part of the body a series shows, where that is neither the head nor unsaid. Often mistyped: no refusal. */
export function otherBodyPart({ BodyPartExamined = '' }: SeriesAttributes): string | null {
  const part = BodyPartExamined.trim();
  return part === '' || HEAD.test(part) || /unknown|other|whole ?body/i.test(part) ? null : part;
}

const REFORMAT =
  /(?<= )(?:\S*reformat\S*|recon\S*|multiplanar|mpr(?:ax|cor|sag|tra)\S*|mpr (?:ob\S*|range\S*)|\S*rekon\S*|ricostr\S*)(?= )/;
const REFORMAT_TYPES = ['MPR', 'REFORMATTED', 'PROJECTION IMAGE', 'CSA MPR', 'CURVED', 'RESAMPLED'];
/** "t1_mpr_sag" is an MPRAGE, "t1_mprage_MPR_sag" a reformat of one. */
const LAST_MPR = /(?<= )mpr(?: (?:ax|cor|sag|tra)\S*)?(?= $)/;

/** Why a series is taken for a reformat of another one, or null. */
export function reformatReason(attributes: SeriesAttributes, names: readonly Name[]): string | null {
  const types = (attributes.ImageType ?? []).map(value => value.trim().toUpperCase());
  const type = REFORMAT_TYPES.find(value => types.includes(value));
  if (type) return `ImageType says ${type}`;
  const found = find(names, REFORMAT) ?? (types[0] === 'ORIGINAL' ? null : find(names.slice(0, 1), LAST_MPR));
  return found ? `${found.name.of} says “${found.words}”` : null;
}
