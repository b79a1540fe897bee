import type { en as common } from '../../messages';
import { messages } from '../../messages/Message';

/** What this domain says, in English, by code. */
export const en = {
  'brain-mr/caution/enhancement':
    'A synthetic T1ce cannot know gadolinium uptake: the absence of enhancement in it excludes nothing.',
  'brain-mr/caution/dose':
    'Learned from simulated doses. Enhancement that the low-dose image does not show is missing here too: the absence of enhancement excludes nothing.',
  'brain-mr/caution/check': 'A check of other contrasts tells nothing about enhancement.',

  'brain-mr/study': 'a brain MR study',
  'brain-mr/region': 'Brain',
  'brain-mr/unrecognized': 'No series of this study was recognized as T1, T2 or FLAIR',
  'brain-mr/progress': 'Finding the brain: step {{done}} of {{of}}',
  'brain-mr/too-small':
    'Only {{millilitres}} mL of brain were found in the sources; a brain study that covers the head is needed.',
  'brain-mr/outside': "{{percent}} % of the brain lies outside the model's {{width}} x {{height}} mm.",
  'brain-mr/doubtful': '{{source}} fits {{reference}} no better than another head would.',
  'brain-mr/doubtful-remedy':
    'It may show another head, or one turned over: compare the series before the result is used.',

  'role/t1': 'T1',
  'role/t1ce': 'T1 post-contrast',
  'role/t1ce-low': 'Low-dose T1 post-contrast',
  'role/t2': 'T2',
  'role/flair': 'FLAIR',

  'brain-mr/recognition/ends-with-c': '{{name}} ends with “C”',
  'brain-mr/recognition/before-bolus': 'the acquisition began before ContrastBolusStartTime ({{agent}})',
  'brain-mr/recognition/no-agent': 'ContrastBolusAgent says none (“{{agent}}”)',
  'brain-mr/recognition/agent': 'ContrastBolusAgent is “{{agent}}”',
  'brain-mr/recognition/says': '{{name}} says “{{words}}”',
  'brain-mr/recognition/ti-and-tr': 'TI {{ti}} ms and TR {{tr}} ms',
  'brain-mr/recognition/te-and-tr': 'TE {{te}} ms and TR {{tr}} ms',
  'brain-mr/recognition/acquisition-contrast': 'AcquisitionContrast {{acquisitionContrast}}',
  'brain-mr/recognition/body-part':
    'BodyPartExamined is {{bodyPart}}, not the head; choose the contrast if that is wrong.',
  'brain-mr/recognition/times-contradict':
    '{{name}} says “{{words}}”, but TR, TE and TI are those of {{weighting}}; the times count.',
  'brain-mr/recognition/none-of-four': 'It is {{weighting}}, none of the four contrasts: {{evidence}}.',
  'brain-mr/recognition/before-and-after':
    '{{name}} says both before and after the agent: a difference or a dynamic series.',
  'brain-mr/recognition/contrast': '{{role}}: {{evidence}}.',
  'brain-mr/recognition/no-times': 'TR, TE and TI are missing: names alone.',
  'brain-mr/recognition/agent-unknown': 'Nothing says whether an agent was given.',
  'brain-mr/recognition/low-dose':
    'Less of the agent than usual was given ({{evidence}}), so it is not the T1 after the full dose.',
  'brain-mr/recognition/lesser-of-two':
    'Less of the agent was given before it than before a later series of this study ({{evidence}}), so it is not the T1 after the full dose.',
  'brain-mr/recognition/small-amount':
    '{{percent}} % of the full dose: {{reason}}; so it is not the T1 after the full dose.',
  'brain-mr/recognition/maybe-small':
    '{{percent}} % of the full dose: {{reason}}. If that is less than your site usually gives, choose “{{role}}” for it.',
  'brain-mr/recognition/amounts': '{{told}} is {{millilitres}} and {{larger}} mL',
  'brain-mr/recognition/one-of-two':
    'There are several series after the agent. If this one is after a smaller dose, choose “{{role}}” for it.',
  'brain-mr/recognition/agent-given':
    'An agent was given in this study; nothing says whether this series is from before or after it.',
  'brain-mr/recognition/ambiguous-times':
    '{{times}} fit {{weighting}}, but other images too, and no name says which.',
  'brain-mr/recognition/unrecognized': 'Neither its names nor TR, TE and TI tell a contrast.',
  'brain-mr/recognition/agent-alone':
    'Only ContrastBolusAgent ({{agent}}) says that an agent was given; some sites write it into all headers.',
  'brain-mr/recognition/image-type': 'ImageType says {{imageType}}',

  'brain-mr/recognition/complex-component': 'ComplexImageComponent says {{component}}',
  'brain-mr/recognition/component': 'It is {{kind}}: {{evidence}}.',
  'brain-mr/recognition/water-or-fat': 'Nothing says whether it is the water or the fat image.',

  'brain-mr/choice/component': 'it is {{kind}}',

  'brain-mr/dose/told': '{{percent}} % of the full dose: {{reason}}.',
  'brain-mr/dose/untold': 'Neither names nor headers tell the dose of “{{series}}”.',
  'brain-mr/dose/amount':
    '{{told}} is {{millilitres}} mL of {{agent}} at {{weight}} kg, where {{full}} mmol/kg are the full dose',
  'brain-mr/dose/none': '{{told}} is {{millilitres}} mL, but an agent was given.',
  'brain-mr/dose/not-small':
    'That is {{percent}} % of the full dose, and {{least}} to {{most}} % can be a smaller one: {{reason}}.',
  'brain-mr/dose/amounts-differ': '{{told}} is {{millilitres}} mL, but {{other}} is {{otherMillilitres}} mL.',
  'brain-mr/dose/contradiction':
    'Two doses are told: {{percent}} % ({{evidence}}) and {{other}} % ({{reason}}).',

  'brain-mr/exclusion/modality': 'Modality is {{modality}}, not MR.',
  'brain-mr/exclusion/synthetic':
    'This series is synthetic by its own tags; a predicted image is never used as a source.',
  'brain-mr/exclusion/secondary-capture': 'It is a secondary capture, not an acquired image.',
  'brain-mr/exclusion/echo-planar':
    'It is echo planar (ScanningSequence EP): diffusion, perfusion or function.',
  'brain-mr/exclusion/echo-planar-ge':
    'It is echo planar (ScanOptions EPI_GEMS): diffusion, perfusion or function.',
  'brain-mr/exclusion/kind': 'It is {{kind}}: {{evidence}}.',
  'brain-mr/exclusion/image-type': 'It is {{kind}}: ImageType says {{imageType}}.',
  'brain-mr/exclusion/acquisition-contrast':
    'It is {{kind}}: AcquisitionContrast says {{acquisitionContrast}}.',
  'brain-mr/exclusion/pulse-sequence': 'It is {{kind}}: its sequence is {{pulseSequence}}.',
  'brain-mr/exclusion/body-part': 'It is {{kind}}: BodyPartExamined says {{bodyPart}}.',

  'brain-mr/kind/spine': 'an image of the spine',
  'brain-mr/kind/body': 'an image of another part of the body',
  'brain-mr/kind/cisternography': 'cisternography, which shows fluid alone',
  'brain-mr/kind/computed': 'computed from other images (synthetic)',
  'brain-mr/kind/map': 'a quantitative map',
  'brain-mr/kind/subtraction': 'a subtraction',
  'brain-mr/kind/intensity-projection': 'a maximum or minimum intensity projection',
  'brain-mr/kind/localizer': 'a localizer',
  'brain-mr/kind/composed': 'composed of several table positions: spine or body',
  'brain-mr/kind/adc': 'an apparent diffusion coefficient',
  'brain-mr/kind/diffusion': 'a diffusion image',
  'brain-mr/kind/perfusion': 'a perfusion image',
  'brain-mr/kind/susceptibility': 'susceptibility-weighted',
  'brain-mr/kind/angiogram': 'an angiogram',
  'brain-mr/kind/functional': 'a functional image',
  'brain-mr/kind/echo-planar': 'echo planar: diffusion, perfusion or function',
  'brain-mr/kind/field-map': 'a field map',
  'brain-mr/kind/spectroscopy': 'spectroscopy',
  'brain-mr/kind/calibration': 'a calibration',
  'brain-mr/kind/magnetization-transfer': 'neuromelanin or magnetization transfer imaging',
  'brain-mr/kind/double-inversion-recovery': 'a double inversion recovery image',
  'brain-mr/kind/phase-sensitive-inversion-recovery': 'a phase-sensitive inversion recovery image',
  'brain-mr/kind/mp2rage': 'one of the images of an MP2RAGE',
  'brain-mr/kind/phase': 'a phase image',
  'brain-mr/kind/real': 'the real part of an image',
  'brain-mr/kind/imaginary': 'the imaginary part of an image',
  'brain-mr/kind/fat': 'a fat image',
  'brain-mr/kind/fat-fraction': 'a map of the fat or water fraction',
  'brain-mr/kind/opposed-phase': 'an opposed-phase image',
  'brain-mr/kind/in-phase': 'an in-phase image',
  'brain-mr/kind/water': 'a water image',
  'brain-mr/kind/screen': 'a picture of the screen or a report',

  'brain-mr/looks-like/signed': 'a phase or a part of a complex image: much of it is below zero',
  'brain-mr/looks-like/phase': 'a phase or a part of a complex image: the air is as bright as the brain',
  'brain-mr/looks-like/fat': 'a fat image: the brain is far darker than the scalp',

  'brain-mr/name/description': 'the description',
  'brain-mr/name/description-first': 'The description',
  'brain-mr/name/protocol': 'the protocol name',
  'brain-mr/name/protocol-first': 'The protocol name',

  'brain-mr/weighting/t1': 'a T1',
  'brain-mr/weighting/t2': 'a T2',
  'brain-mr/weighting/flair': 'a FLAIR',
  'brain-mr/weighting/t2star': 'a T2* gradient echo',
  'brain-mr/weighting/pd': 'proton density or a dual echo',
  'brain-mr/weighting/stir': 'a STIR',
  'brain-mr/weighting/ciss': 'a steady-state gradient echo (CISS, FIESTA)',
  'brain-mr/weighting/white-matter-nulled': 'an image with nulled white matter (FGATIR)',

  'brain-mr/coverage-brain-cut': 'The brain goes on beyond the {{face}} end of the series.',
  'brain-mr/coverage-whole': 'Every source shows all of the brain, or nearly all.',
  'brain-mr/coverage-extent': 'The series is {{extent}} mm to the left, the back and the head.',
  'brain-mr/coverage-short': '{{source}} covers {{extent}} mm; a brain needs about {{brain}} mm.',
  'brain-mr/coverage-short-remedy': 'Choose a series that covers the head.',
  'brain-mr/coverage-partial': '{{source}} shows {{percent}} % of the brain.',
  'brain-mr/coverage-partial-remedy': 'What is not covered is not predicted, or predicted from less.',

  'brain-mr/head-too-little-brain': 'Only {{millilitres}} mL of brain were found.',
  'brain-mr/head-too-little-brain-remedy': 'A brain study that covers the head is needed.',
  'brain-mr/head-mixed':
    '{{stripped}} shows the brain alone, the others the whole head; {{millilitres}} mL of brain were found.',
  'brain-mr/head-mixed-remedy': 'Choose series of one kind, or look whether the brain is whole in all.',
  'brain-mr/head-stripped': 'The skull was removed before; {{millilitres}} mL of brain were found.',
  'brain-mr/head-whole': 'Whole head; {{millilitres}} mL of brain were found.',
  'brain-mr/head-unusual-volume': '{{finding}} An adult has {{least}} to {{most}} mL.',
  'brain-mr/head-unusual-volume-remedy':
    'Brain may be missing or too much may be taken for it; the model was not made for children.',

  'brain-mr/check/coverage': 'Coverage of the head',

  'brain-mr/check/head': 'Whole head or stripped',
} as const;

/** Makes a message of this catalog or of the engine's. */
export const message = messages<typeof common & typeof en>();
