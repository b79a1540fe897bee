/** What the engine says, in English, by code. */
export const en = {
  'job/cancelled': 'The synthesis was cancelled; nothing was kept.',
  'job/busy': 'A synthesis is already running; wait for it or cancel it.',
  'job/worker-failed': 'The synthesis stopped because its worker failed; try again.',
  'job/empty-slices': '{{region}}: none in slices {{from}} to {{to}} of the reference. Choose others.',
  'job/failed': 'The synthesis failed unexpectedly; nothing was kept.',

  'progress/read': 'Reading image {{done}} of {{of}}',
  'progress/register': 'Measuring how the series lie on one another: step {{done}} of {{of}}',
  'progress/download': 'Loading the model: {{done}} of {{of}} MB',
  'progress/check': 'Checking the model on this machine: network {{done}} of {{of}}',
  'progress/prepare': 'Resampling and scaling the series: step {{done}} of {{of}}',
  'progress/finish': 'Writing the DICOM series',
  'progress/almost-done': 'almost done',
  'progress/seconds-left': 'about {{seconds}} s left',
  'progress/minutes-left': 'about {{minutes}} min left',

  'self-check/psnr': 'PSNR, dB',
  'self-check/ssim': 'SSIM',
  'self-check/mae': 'mean error, % of the range',
  'self-check/lesion': 'mean error in the lesion found ({{millilitres}} mL), % of the range',
  'self-check/value': '{{value}}',
  'self-check/summary': '{{figure}} {{value}} ({{rank}})',
  'self-check/rank': 'worse than {{worse}} of {{of}}',
  'self-check/no-rank': 'not measured on other patients',
  'self-check/foresees':
    'In {{patients}} other patients a poor check went with a larger error of {{target}}: rank correlation {{spearman}} (95 % interval {{low}} to {{high}}).',
  'self-check/does-not-foresee':
    'The check shows how the tool works on this patient, not its error in {{target}}: in {{patients}} other patients their rank correlation was {{spearman}} (95 % interval {{low}} to {{high}}).',
  'self-check/foresight-unknown':
    'The check shows how the tool works on this patient, not its error in {{target}}: whether the two go together was not measured for this model.',
  'self-check/one-way':
    'This model cannot make its sources again, so nothing can be checked on this patient.',
  'self-check/one-source': 'A check makes each source again from the others. Choose two sources or more.',
  'self-check/made-again': '{{role}} made again from {{sources}}',

  'registration/motion': '{{millimetres}} mm, {{degrees}} degrees',
  'registration/moved': '{{source}} moved {{motion}}; registered onto {{reference}}',
  'registration/aligned': '{{source}} aligned with {{reference}} within {{motion}}',
  'registration/found': '{{millimetres}} mm and {{degrees}} degrees',
  'registration/failed':
    'The {{source}} series could not be laid onto the {{reference}} series: {{reason}}; leave it out or choose another series.',
  'registration/too-little-in-common': 'the two images have too little in common',
  'registration/mirrored': 'one fits the other better with left and right exchanged',
  'registration/less-alike': 'they are less alike after the motion found ({{motion}}) than before',
  'registration/implausible': 'the motion found ({{motion}}) is not plausible',
  'registration/no-overlap':
    'The {{source}} series does not overlap the {{reference}} series in space; choose series of the same position.',

  'error-map/white-matter': '% of the white-matter signal',
  'error-map/unreadable':
    'The map of the expected error in the series “{{series}}” cannot be read: it was changed, or written by another version of this software. Synthesize the result again.',
  'error-map/range': '% of the intensity range',

  'caution/predicted': 'Predicted, not measured.',
  'caution/some-slices': 'Slices {{from}} to {{to}} of the reference only; the others were not made.',
  'caution/sample': 'Sample {{number}}: one of many images that are possible, not the most likely one.',

  'bundle/invalid':
    'The model description {{bundle}} is not valid at “{{path}}”: {{reason}}. Install the bundle again or ask whoever provided it.',
  'bundle/corrupt':
    'The model file {{file}} is damaged or was exchanged: its size or SHA-256 differs from bundle.json. Try again; if this returns, install the bundle again.',
  'bundle/cut':
    'Of the model file {{file}} {{received}} of {{expected}} bytes arrived. Try again; if this returns, the file is incomplete where it is kept, or a proxy cuts long responses: have its limits of time and size raised.',
  'bundle/compressed':
    'The model file {{file}} arrived compressed with gzip, and nothing says so: have the server or the proxy pass on the header Content-Encoding, or leave this file as it is.',
  'bundle/page':
    'A web page came in the place of the model file {{file}}: it is missing on the server, or a proxy or a login answered instead. Have the file delivered.',
  'bundle/http-error':
    "The model file {{file}} could not be read: the server or a proxy answered HTTP {{status}}. Check the bundle's address in the configuration, and that the file is delivered.",
  'bundle/no-network':
    'The model {{bundle}} has no network “{{network}}”: it does not know that contrast. Choose other sources or targets.',
  'bundle/unreachable':
    "The model file {{file}} could not be read. Check the bundle's address in the configuration and try again.",
  'bundle/not-json':
    "The model description {{bundle}}bundle.json is not JSON. Check the bundle's address in the configuration.",

  'recognition/reformat-alone': 'It is a reformat: {{evidence}}; its original is not here.',

  'exclusion/reformat': 'It is a reformat: {{evidence}}, and “{{original}}” was acquired.',

  'confidence/high': 'high confidence',
  'confidence/medium': 'medium confidence',
  'confidence/low': 'low confidence, please check',

  'options/invalid':
    'The model {{model}} cannot be run with these options ({{path}}: {{reason}}); change that option or leave it out.',
  'options/whole': 'all of them',
  'options/bad-parameter':
    'The model {{model}} cannot make {{target}} with “{{name}}” of {{value}}; leave it out, or choose another value.',

  'record/unreadable':
    'The record of how this image was made cannot be read ({{path}}: {{reason}}). It was changed, or written by another version of this software: take that version, or another image.',
  'record/whole': 'all of it',

  'provider/self-test-failed': 'The GPU computes this model wrongly ({{network}}).',
  'provider/insecure':
    'The viewer was not opened over HTTPS: the browser cannot check the model here. Open it over HTTPS, or ask its administrator.',
  'provider/runtime-unreachable':
    "The inference runtime could not be loaded from {{address}}. Check that the extension's public folder is served.",
  'served/http-error':
    '{{file}} could not be loaded: the server or a proxy answered HTTP {{status}}. Have this file delivered.',
  'served/page':
    'A web page came in the place of {{file}}: it is missing on the server, or a proxy or a login answered instead. Have the file delivered.',
  'served/damaged':
    '{{file}} arrives incomplete or changed. Have it passed on as it is: a proxy may cut long responses, limited in time or size, or the file is incomplete on the server.',
  'served/type':
    '{{file}} arrives with the type “{{type}}”, under which browsers run no script. Have the server or the proxy send it as text/javascript.',
  'served/not-isolated':
    '{{file}} arrives without the header Cross-Origin-Embedder-Policy that the page has: its threads cannot start. Have that header sent with every file, or with none.',
  'provider/configured': 'Runs {{processor}}, as configured.',
  'provider/no-gpu': 'No usable GPU was found: runs {{processor}}.',
  'provider/software-gpu': 'Only a software GPU was found: runs {{processor}}.',
  'provider/gpu-half': 'Runs on the GPU (WebGPU, half precision).',
  'provider/gpu-single': 'Runs on the GPU (WebGPU, single precision).',
  'provider/gpu-failed': 'The GPU failed.',
  'provider/fell-back': '{{reason}} Ran {{processor}} instead.',
  'provider/processor_one': 'on the processor (WebAssembly, 1 thread)',
  'provider/processor_other': 'on the processor (WebAssembly, {{count}} threads)',
  'provider/network-not-started':
    'The network {{network}} could not be started on {{provider}}; close other programs and try again.',
  'provider/network-failed':
    'The network {{network}} failed while it ran; close other programs and try again.',

  'server/runs': 'Runs on the server {{host}}.',
  'server/unreachable': 'The server {{host}} cannot be reached. Try again, or run on this machine.',
  'server/slow':
    'The server {{host}} did not answer within {{seconds}} s. Try again later, or run on this machine.',
  'server/busy':
    'The server {{host}} is not ready at the moment (HTTP {{status}}). Try again later, or run on this machine.',
  'server/login':
    'The server {{host}} refused the request (HTTP {{status}}): its login is missing or has expired. Log in again, or run on this machine.',
  'server/too-large':
    'The server {{host}} or a proxy takes no requests of this size. Have its limit raised, or the model exported with fewer slices a request; or run on this machine.',
  'server/no-model':
    'The server {{host}} has nothing at {{address}}. Have the model exported to it, or run on this machine.',
  'server/other-model':
    'The server {{host}} has a model {{model}}, but none of its versions has the weights of {{bundle}}. Have this bundle exported to it, or run on this machine.',
  'server/wrong-answer':
    'The server {{host}} gave an answer that cannot be right ({{what}}); it is not used. Have the server checked, or run on this machine.',
  'server/no-memory': 'The server {{host}} has not enough memory. Try again later, or run on this machine.',
  'server/failed':
    'The server {{host}} failed (HTTP {{status}}: {{reason}}). Try again later, or run on this machine.',

  'series/unusable-refused': 'The series “{{series}}” cannot be used: {{reason}}',
  'series/file-unreadable':
    'The image {{file}} of the series “{{series}}” could not be read: {{reason}}. Copy the series from its source again, or leave it out.',
  'series/no-description': '(no description)',
  'series/stack': '{{series}} ({{stack}})',
  'series/unusable': 'The series “{{series}}” cannot be used: {{reason}}.',
  'series/too-few-images_one': 'it has 1 image, {{needed}} are needed',
  'series/too-few-images_other': 'it has {{count}} images, {{needed}} are needed',
  'series/attribute-in': '{{fault}} in {{images}}',
  'series/mixed-geometry': 'size, spacing or orientation differ in {{images}}',
  'series/same-position': '{{images}} lie at the same position',
  'series/uneven-spacing': 'its slices are unevenly spaced between {{images}}',
  'series/slices-missing_one': '1 slice is missing between {{images}}',
  'series/slices-missing-first': '{{count}} slices are missing, the first between {{images}}',
  'series/slices-missing_other': '{{count}} slices are missing between {{images}}',
  'series/off-line': 'ImagePositionPatient is off the line of the other slices in {{images}}',
  'series/sheared':
    'its slices are sheared by {{degrees}} degrees: each is shifted sideways against the one before',
  'series/too-long': 'its slices span more than a metre',
  'series/too-large': 'its {{dims}} voxels are {{millions}} million, at most {{most}} million can be handled',

  'preflight/alignment-one-source': 'One source: nothing to align.',
  'preflight/alignment-good': '{{source}} lies on {{reference}} within {{motion}}.',
  'preflight/alignment-moved': '{{source}} was moved onto {{reference}} by {{motion}}.',
  'preflight/alignment-much-remedy':
    'That is much for one session: compare the series before the result is used.',
  'preflight/cost': 'About {{duration}}, about {{memory}} of memory. {{provider}}',
  'preflight/cost-time-unknown':
    'Time unknown before the first run on this machine, about {{memory}} of memory. {{provider}}',
  'preflight/cost-time-remedy': 'Choose fewer targets, some slices only, or a machine with a GPU.',
  'preflight/cost-memory': '{{cost}} The machine has {{memory}}.',
  'preflight/cost-memory-remedy': 'Close other programs, or choose fewer or coarser series.',
  'preflight/choose-another': 'Choose another series as {{source}}, or none.',
  'preflight/download-none': 'The model ({{needed}}) is on this machine: nothing to download.',
  'preflight/download-some': "{{missing}} of the model's {{needed}} must be downloaded.",
  'preflight/server-leaves':
    'Images leave this machine to {{host}}, where the model runs. Their headers, names and numbers stay here.',
  'preflight/server-remedy': 'Agree to it, or run on this machine.',
  'preflight/server-configured':
    'Images leave this machine to {{host}}, as your site has configured. Their headers, names and numbers stay here.',
  'preflight/server-here': 'Runs on this machine: no image leaves it to {{host}}.',
  'preflight/server-not-this-model':
    '{{model}} cannot run on {{host}}: it runs on this machine, and no image leaves it.',
  'preflight/parameter-assumed': '{{value}} {{unit}} is assumed.',
  'preflight/parameter-remedy': 'Ask, and set “{{label}}” yourself.',
  'preflight/parameter-chosen': '{{label}}: {{value}} {{unit}}, as you set it.',
  'preflight/fit-unknown-role': 'The model {{bundle}} does not know {{role}}.',
  'preflight/fit-unknown-role-remedy': 'Leave it out, or choose another model in the configuration.',
  'preflight/fit-lacking': '{{bundle}} makes nothing without {{roles}}.',
  'preflight/fit-lacking-remedy': 'Choose the series of it, or another model in the configuration.',
  'preflight/fit-one-source': 'There is one source, {{source}}; the model can use {{most}}.',
  'preflight/fit-one-source-remedy': 'Add sources if the study has them.',
  'preflight/fit-outside-remedy':
    'It will be black in the result; take another reference if one lies straighter.',
  'preflight/fit-good': '{{targets}} from {{sources}}: {{bundle}} knows them.',
  'preflight/unusual':
    '{{what}}: farther from the usual than {{percentile}} % of the {{patients}} patients compared.',
  'preflight/unusual-remedy':
    'Look at the images. For inputs unlike those that the model was measured on its figures do not hold.',
  'preflight/unusual-role': 'What was given as {{source}} looks like {{role}}.',
  'preflight/unusual-role-remedy': 'Look at the images, and choose the series of each contrast yourself.',
  'preflight/unusual-source': '{{source}} is unusual ({{what}})',
  'preflight/unusual-pair': '{{source}} and {{other}} match unusually',
  'preflight/unusual-shape': '{{region}} is of unusual shape or size',
  'preflight/unusual-pose': '{{region}} lies unusually: upside down, turned or tilted',
  'preflight/unusual-black': 'parts without signal',
  'preflight/unusual-shading': 'uneven brightness',
  'preflight/unusual-noise': 'noise or false edges',
  'preflight/unusual-blur': 'blurred or without detail',
  'preflight/unusual-copies': 'copies of the anatomy, as from motion',
  'preflight/unusual-greys': 'its grey values',
  'preflight/resolution-coarse': '{{source}} has {{voxels}}.',
  'preflight/resolution-coarse-remedy':
    'Choose a finer series; details smaller than that cannot be predicted.',
  'preflight/resolution-result': 'The result will have {{voxels}}.',
  'preflight/voxels': '{{inPlane}} mm pixels and slices {{between}} mm apart',
  'preflight/sources-uncertain': 'It is not sure that “{{series}}” is {{role}}.',
  'preflight/sources-uncertain-remedy': 'Look at the images, and choose the contrast of the series yourself.',
  'preflight/other-kind': '“{{series}}” looks like {{kind}}.',
  'preflight/other-kind-remedy': 'Look at the images, and choose another series.',
  'preflight/offset': 'All values of “{{series}}” were off by {{offset}}; that was corrected.',
  'preflight/series': '“{{series}}”',
  'preflight/rivals': '{{count}} series may be {{role}} and nothing tells which: {{series}}.',
  'preflight/maybe-missing_one': '{{role}} is taken as missing, but {{series}} may be it.',
  'preflight/maybe-missing_other':
    '{{role}} is taken as missing, but one of {{count}} series may be it: {{series}}.',
  'preflight/split-study':
    'This study seems to have been split into {{count}}, by their patient and time; the others are not used.',
  'preflight/split-study-remedy':
    'Have it exported or anonymized again, so that all images keep one StudyInstanceUID.',
  'preflight/two-dates': 'The sources have two StudyDates, {{date}} and {{other}}, in one study.',
  'preflight/two-dates-remedy': 'Look whether all are of one examination.',
  'preflight/single-images':
    'No series of this study has more than one image; the others may have arrived under other StudyInstanceUIDs.',
  'preflight/single-images-remedy':
    'If there are more studies of this patient and time, have them exported or anonymized again, so that all ' +
    'images keep one StudyInstanceUID.',
  'preflight/two-patients':
    'The study names two patients: “{{series}}” is of {{patient}}, “{{other}}” of {{otherPatient}}.',
  'preflight/two-patients-remedy': 'Have the study corrected in the archive before anything is made from it.',
  'preflight/source': '{{role}} (“{{series}}”)',
  'preflight/sources-good': '{{sources}}; the result gets the slices of {{reference}}.',

  'face/right': 'right',
  'face/left': 'left',
  'face/front': 'front',
  'face/back': 'back',
  'face/lower': 'lower',
  'face/upper': 'upper',

  'unit/seconds': '{{seconds}} s',
  'unit/minutes': '{{minutes}} min',
  'unit/gigabytes': '{{gigabytes}} GB',
  'unit/megabytes': '{{megabytes}} MB',

  'check/sources': 'Sources and roles',
  'check/resolution': 'Resolution',
  'check/alignment': 'Alignment',
  'check/fit': 'Fit to the model',
  'check/parameters': 'Settings of the result',
  'check/cost': 'Time and memory',
  'check/download': 'Download',
  'check/server': 'Server',

  'choice/images_one': 'it has one image only',
  'choice/images_other': 'it has {{count}} images only',
  'choice/less-certain': 'its contrast is less certain',
  'choice/slices-missing_one': 'a slice is missing',
  'choice/slices-missing_other': '{{count}} slices are missing',
  'choice/coverage':
    'it covers {{along}} mm of {{inPlane}} mm, the other {{otherAlong}} mm of {{otherInPlane}} mm',
  'choice/coverage-unknown': 'its headers do not tell what it covers',
  'choice/voxels': "its voxels are {{voxels}}, the other's {{otherVoxels}}",
  'choice/uncorrected': 'its distortion is not corrected (ND)',
  'choice/further-from-reference': 'its slices lie further from those of the reference',
  'choice/comes-later': 'it is no better and comes later',
  'choice/size': '{{rows}} x {{columns}} x {{slices}} mm',
  'choice/by-person': 'Chosen by you.',
  'choice/person-chose-other': 'you chose the other',
  'choice/role-unused': 'The model does not use {{role}}.',
  'choice/not-chosen': 'Not chosen: “{{used}}” is used as {{role}}; {{reason}}.',

  'attribute/functional-groups':
    'PerFrameFunctionalGroupsSequence does not describe each of the NumberOfFrames',
  'attribute/rows-columns': 'Rows or Columns is missing or zero',
  'attribute/colour': 'SamplesPerPixel says colour',
  'attribute/photometric': 'PhotometricInterpretation is {{photometricInterpretation}}, not MONOCHROME2,',
  'attribute/bits-allocated': 'BitsAllocated is neither 8 nor 16',
  'attribute/bits-stored': 'BitsStored does not fit BitsAllocated',
  'attribute/high-bit': 'HighBit is not BitsStored - 1',
  'attribute/rescale-slope': 'RescaleSlope is zero',
  'attribute/no-position': 'ImagePositionPatient is missing or not three numbers',
  'attribute/position-far': 'ImagePositionPatient is more than 10 m away',
  'attribute/no-orientation': 'ImageOrientationPatient is missing or not six numbers',
  'attribute/orientation': 'ImageOrientationPatient is not two perpendicular unit vectors',
  'attribute/pixel-spacing': 'PixelSpacing is missing or not two positive numbers',
  'attribute/uid-too-long': '{{keyword}} is longer than the 64 characters of a UID',
  'attribute/wider-than-a-metre': 'PixelSpacing makes a picture wider than a metre',
  'attribute/pixel-count': 'it has {{pixels}} pixels where {{expected}} belong',

  'images/others_one': '1 other',
  'images/others_other': '{{count}} others',
  'images/frame': 'frame {{last}}',
  'images/frames': 'frames {{others}} and {{last}}',
  'images/image': 'image {{last}}',
  'images/images': 'images {{others}} and {{last}}',
  'images/slice': 'slice {{last}}',
  'images/slices': 'slices {{others}} and {{last}}',

  'stack/stack': 'stack {{number}}',
  'stack/b-value': 'b {{bValue}}',
  'stack/inversion': 'inversion {{number}}',
  'stack/time': 'time {{number}}',
  'stack/acquisition': 'acquisition {{number}}',
  'stack/echo': 'echo {{number}}',
  'stack/part': 'part {{number}}',

  'plane/none': 'no plane',
  'plane/axial': 'axial',
  'plane/coronal': 'coronal',
  'plane/sagittal': 'sagittal',
} as const;
