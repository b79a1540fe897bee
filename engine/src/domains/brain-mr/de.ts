import type { en } from './en';

/** What this domain says, in German, by code. */
export const de: Readonly<Record<keyof typeof en, string>> = {
  'brain-mr/caution/enhancement':
    'Ein synthetisches T1 nach Kontrastmittel kann keine Gadoliniumaufnahme kennen: Fehlende Anreicherung darin schließt nichts aus.',

  'brain-mr/study': 'eine MR-Untersuchung des Gehirns',
  'brain-mr/region': 'Gehirn',
  'brain-mr/unrecognized': 'Keine Serie dieser Untersuchung wurde als T1, T2 oder FLAIR erkannt',
  'brain-mr/progress': 'Sucht das Gehirn: Schritt {{done}} von {{of}}',
  'brain-mr/too-small':
    'Nur {{millilitres}} mL Gehirn wurden in den Quellen gefunden; nötig ist eine Untersuchung des Gehirns, die den Kopf abdeckt.',
  'brain-mr/outside': '{{percent}} % des Gehirns liegen außerhalb der {{width}} x {{height}} mm des Modells.',
  'brain-mr/doubtful': '{{source}} passt auf {{reference}} nicht besser, als ein anderer Kopf es täte.',
  'brain-mr/doubtful-remedy':
    'Sie zeigt vielleicht einen anderen Kopf oder einen umgedrehten: Vergleichen Sie die Serien, bevor das Ergebnis verwendet wird.',

  'role/t1': 'T1',
  'role/t1ce': 'T1 nach Kontrastmittel',
  'role/t2': 'T2',
  'role/flair': 'FLAIR',

  'brain-mr/recognition/ends-with-c': '{{name}} endet mit „C“',
  'brain-mr/recognition/before-bolus': 'die Aufnahme begann vor ContrastBolusStartTime ({{agent}})',
  'brain-mr/recognition/agent': 'ContrastBolusAgent ist „{{agent}}“',
  'brain-mr/recognition/says': '{{name}} sagt „{{words}}“',
  'brain-mr/recognition/ti-and-tr': 'TI {{ti}} ms und TR {{tr}} ms',
  'brain-mr/recognition/te-and-tr': 'TE {{te}} ms und TR {{tr}} ms',
  'brain-mr/recognition/acquisition-contrast': 'AcquisitionContrast {{acquisitionContrast}}',
  'brain-mr/recognition/body-part':
    'BodyPartExamined ist {{bodyPart}}, nicht der Kopf; wählen Sie den Kontrast, wenn das falsch ist.',
  'brain-mr/recognition/times-contradict':
    '{{name}} sagt „{{words}}“, aber TR, TE und TI sprechen für {{weighting}}; die Zeiten zählen.',
  'brain-mr/recognition/none-of-four': 'Das ist {{weighting}}, keiner der vier Kontraste: {{evidence}}.',
  'brain-mr/recognition/before-and-after':
    '{{name}} sagt „vor“ und „nach“ Kontrastmittel zugleich: eine Differenz oder eine dynamische Serie.',
  'brain-mr/recognition/contrast': '{{role}}: {{evidence}}.',
  'brain-mr/recognition/no-times': 'TR, TE und TI fehlen: nur nach den Namen.',
  'brain-mr/recognition/agent-unknown': 'Nichts sagt, ob Kontrastmittel gegeben wurde.',
  'brain-mr/recognition/ambiguous-times':
    '{{times}} sprechen für {{weighting}}, aber auch für andere Aufnahmen, und kein Name sagt, welche es ist.',
  'brain-mr/recognition/unrecognized': 'Weder die Namen noch TR, TE und TI verraten einen Kontrast.',
  'brain-mr/recognition/image-type': 'ImageType sagt {{imageType}}',

  'brain-mr/exclusion/modality': 'Modality ist {{modality}}, nicht MR.',
  'brain-mr/exclusion/synthetic':
    'Diese Serie ist laut ihren eigenen DICOM-Attributen synthetisch; ein vorhergesagtes Bild wird nie als Quelle verwendet.',
  'brain-mr/exclusion/secondary-capture': 'Das ist ein Secondary Capture, kein aufgenommenes Bild.',
  'brain-mr/exclusion/echo-planar':
    'Das ist echoplanar (ScanningSequence EP): Diffusion, Perfusion oder Funktion.',
  'brain-mr/exclusion/echo-planar-ge':
    'Das ist echoplanar (ScanOptions EPI_GEMS): Diffusion, Perfusion oder Funktion.',
  'brain-mr/exclusion/kind': 'Das ist {{kind}}: {{evidence}}.',
  'brain-mr/exclusion/image-type': 'Das ist {{kind}}: ImageType sagt {{imageType}}.',
  'brain-mr/exclusion/acquisition-contrast':
    'Das ist {{kind}}: AcquisitionContrast sagt {{acquisitionContrast}}.',
  'brain-mr/exclusion/pulse-sequence': 'Das ist {{kind}}: Die Sequenz ist {{pulseSequence}}.',
  'brain-mr/exclusion/body-part': 'Das ist {{kind}}: BodyPartExamined sagt {{bodyPart}}.',

  'brain-mr/kind/spine': 'eine Aufnahme der Wirbelsäule',
  'brain-mr/kind/computed': 'aus anderen Bildern berechnet (synthetisch)',
  'brain-mr/kind/map': 'eine quantitative Karte',
  'brain-mr/kind/subtraction': 'eine Subtraktion',
  'brain-mr/kind/intensity-projection': 'eine Maximum- oder Minimumintensitätsprojektion',
  'brain-mr/kind/localizer': 'ein Localizer',
  'brain-mr/kind/composed': 'aus mehreren Tischpositionen zusammengesetzt: Wirbelsäule oder Körper',
  'brain-mr/kind/adc': 'eine ADC-Karte',
  'brain-mr/kind/diffusion': 'eine Diffusionsaufnahme',
  'brain-mr/kind/perfusion': 'eine Perfusionsaufnahme',
  'brain-mr/kind/susceptibility': 'suszeptibilitätsgewichtet',
  'brain-mr/kind/angiogram': 'eine Angiographie',
  'brain-mr/kind/functional': 'eine funktionelle Aufnahme',
  'brain-mr/kind/echo-planar': 'echoplanar: Diffusion, Perfusion oder Funktion',
  'brain-mr/kind/field-map': 'eine Feldkarte',
  'brain-mr/kind/spectroscopy': 'eine Spektroskopie',
  'brain-mr/kind/calibration': 'eine Kalibrierung',
  'brain-mr/kind/magnetization-transfer': 'eine Neuromelanin- oder Magnetisierungstransfer-Aufnahme',
  'brain-mr/kind/double-inversion-recovery': 'eine Double-Inversion-Recovery-Aufnahme',
  'brain-mr/kind/mp2rage': 'eines der Bilder einer MP2RAGE',
  'brain-mr/kind/phase': 'ein Phasenbild',
  'brain-mr/kind/screen': 'ein Bildschirmfoto oder ein Befund',

  'brain-mr/name/description': 'die Beschreibung',
  'brain-mr/name/description-first': 'Die Beschreibung',
  'brain-mr/name/protocol': 'der Protokollname',
  'brain-mr/name/protocol-first': 'Der Protokollname',

  'brain-mr/weighting/t1': 'eine T1-Wichtung',
  'brain-mr/weighting/t2': 'eine T2-Wichtung',
  'brain-mr/weighting/flair': 'eine FLAIR',
  'brain-mr/weighting/t2star': 'eine T2*-Gradientenecho-Aufnahme',
  'brain-mr/weighting/pd': 'eine Protonendichte- oder Doppelecho-Aufnahme',
  'brain-mr/weighting/stir': 'eine STIR',
  'brain-mr/weighting/ciss': 'eine Steady-State-Gradientenecho-Aufnahme (CISS, FIESTA)',

  'brain-mr/coverage-brain-cut': 'Das Gehirn reicht über das {{face}} Ende der Serie hinaus.',
  'brain-mr/coverage-whole': 'Jede Quelle zeigt das ganze Gehirn oder fast das ganze.',
  'brain-mr/coverage-extent': 'Die Serie misst {{extent}} mm nach links, hinten und kopfwärts.',
  'brain-mr/coverage-short': '{{source}} deckt {{extent}} mm ab; ein Gehirn braucht etwa {{brain}} mm.',
  'brain-mr/coverage-short-remedy': 'Wählen Sie eine Serie, die den Kopf abdeckt.',
  'brain-mr/coverage-partial': '{{source}} zeigt {{percent}} % des Gehirns.',
  'brain-mr/coverage-partial-remedy': 'Was nicht abgedeckt ist, wird nicht oder aus weniger vorhergesagt.',

  'brain-mr/head-too-little-brain': 'Nur {{millilitres}} mL Gehirn wurden gefunden.',
  'brain-mr/head-too-little-brain-remedy': 'Nötig ist eine Untersuchung des Gehirns, die den Kopf abdeckt.',
  'brain-mr/head-mixed':
    '{{stripped}} zeigt nur das Gehirn, die anderen den ganzen Kopf; {{millilitres}} mL Gehirn wurden gefunden.',
  'brain-mr/head-mixed-remedy':
    'Wählen Sie Serien einer Art oder sehen Sie nach, ob das Gehirn in allen vollständig ist.',
  'brain-mr/head-stripped': 'Der Schädel wurde vorher entfernt; {{millilitres}} mL Gehirn wurden gefunden.',
  'brain-mr/head-whole': 'Ganzer Kopf; {{millilitres}} mL Gehirn wurden gefunden.',
  'brain-mr/head-unusual-volume': '{{finding}} Erwachsene haben {{least}} bis {{most}} mL.',
  'brain-mr/head-unusual-volume-remedy':
    'Vielleicht fehlt Gehirn oder zu viel wird dafür gehalten; das Modell ist nicht für Kinder gemacht.',

  'brain-mr/check/coverage': 'Abdeckung des Kopfes',

  'brain-mr/check/head': 'Ganzer Kopf oder nur Gehirn',
};
