/** What a series is taken for, and why. */
export const recognition = {
  'high confidence': 'hohe Sicherheit',
  'medium confidence': 'mittlere Sicherheit',
  'low confidence, please check': 'geringe Sicherheit, bitte prüfen',
  'Chosen by you.': 'Von Ihnen gewählt.',
  'the description': 'die Beschreibung',
  'The description': 'Die Beschreibung',
  'the protocol name': 'der Protokollname',
  'The protocol name': 'Der Protokollname',
  '{{0}} says “{{1}}”': '{{0}} sagt „{{1}}“',
  '{{0}} ends with “C”': '{{0}} endet mit „C“',
  'ImageType says {{0}}': 'ImageType sagt {{0}}',
  'TI {{0}} ms and TR {{1}} ms': 'TI {{0}} ms und TR {{1}} ms',
  'TE {{0}} ms and TR {{1}} ms': 'TE {{0}} ms und TR {{1}} ms',
  'AcquisitionContrast {{0}}': 'AcquisitionContrast {{0}}',
  'TR, TE and TI are missing: names alone.': 'TR, TE und TI fehlen: nur nach den Namen.',
  'Neither its names nor TR, TE and TI tell a contrast.':
    'Weder die Namen noch TR, TE und TI verraten einen Kontrast.',
  '{{0}} fit {{1}}, but other images too, and no name says which.':
    '{{0}} sprechen für {{1}}, aber auch für andere Aufnahmen, und kein Name sagt, welche es ist.',
  '{{0}} says “{{1}}”, but TR, TE and TI are those of {{2}}; the times count.':
    '{{0}} sagt „{{1}}“, aber TR, TE und TI sprechen für {{2}}; die Zeiten zählen.',
  'It is {{0}}, none of the four contrasts: {{1}}.': 'Das ist {{0}}, keiner der vier Kontraste: {{1}}.',
  'a T1': 'eine T1-Wichtung',
  'a T2': 'eine T2-Wichtung',
  'a FLAIR': 'eine FLAIR',
  'a T2* gradient echo': 'eine T2*-Gradientenecho-Aufnahme',
  'proton density or a dual echo': 'eine Protonendichte- oder Doppelecho-Aufnahme',
  'a STIR': 'eine STIR',
  'a steady-state gradient echo (CISS, FIESTA)': 'eine Steady-State-Gradientenecho-Aufnahme (CISS, FIESTA)',

  // The agent
  'Nothing says whether an agent was given.': 'Nichts sagt, ob Kontrastmittel gegeben wurde.',
  'ContrastBolusAgent is “{{0}}”': 'ContrastBolusAgent ist „{{0}}“',
  'the acquisition began before ContrastBolusStartTime ({{0}})':
    'die Aufnahme begann vor ContrastBolusStartTime ({{0}})',
  '{{0}} says both before and after the agent: a difference or a dynamic series.':
    '{{0}} sagt „vor“ und „nach“ Kontrastmittel zugleich: eine Differenz oder eine dynamische Serie.',

  // What is no source
  'Modality is {{0}}, not MR.': 'Modality ist {{0}}, nicht MR.',
  'This series is synthetic by its own tags; a predicted image is never used as a source.':
    'Diese Serie ist laut ihren eigenen DICOM-Attributen synthetisch; ein vorhergesagtes Bild wird nie als Quelle verwendet.',
  'It is a secondary capture, not an acquired image.':
    'Das ist ein Secondary Capture, kein aufgenommenes Bild.',
  'It is echo planar (ScanningSequence EP): diffusion, perfusion or function.':
    'Das ist echoplanar (ScanningSequence EP): Diffusion, Perfusion oder Funktion.',
  'It is echo planar (ScanOptions EPI_GEMS): diffusion, perfusion or function.':
    'Das ist echoplanar (ScanOptions EPI_GEMS): Diffusion, Perfusion oder Funktion.',
  'It is {{0}}: ImageType says {{1}}.': 'Das ist {{0}}: ImageType sagt {{1}}.',
  'It is {{0}}: AcquisitionContrast says {{1}}.': 'Das ist {{0}}: AcquisitionContrast sagt {{1}}.',
  'It is {{0}}: BodyPartExamined says {{1}}.': 'Das ist {{0}}: BodyPartExamined sagt {{1}}.',
  'It is {{0}}: its sequence is {{1}}.': 'Das ist {{0}}: Die Sequenz ist {{1}}.',
  'It is {{0}}: {{1}}.': 'Das ist {{0}}: {{1}}.',
  'BodyPartExamined is {{0}}, not the head; choose the contrast if that is wrong.':
    'BodyPartExamined ist {{0}}, nicht der Kopf; wählen Sie den Kontrast, wenn das falsch ist.',
  'an image of the spine': 'eine Aufnahme der Wirbelsäule',
  'computed from other images (synthetic)': 'aus anderen Bildern berechnet (synthetisch)',
  'a quantitative map': 'eine quantitative Karte',
  'a subtraction': 'eine Subtraktion',
  'a maximum or minimum intensity projection': 'eine Maximum- oder Minimumintensitätsprojektion',
  'a localizer': 'ein Localizer',
  'composed of several table positions: spine or body':
    'aus mehreren Tischpositionen zusammengesetzt: Wirbelsäule oder Körper',
  'an apparent diffusion coefficient': 'eine ADC-Karte',
  'a diffusion image': 'eine Diffusionsaufnahme',
  'a perfusion image': 'eine Perfusionsaufnahme',
  'susceptibility-weighted': 'suszeptibilitätsgewichtet',
  'an angiogram': 'eine Angiographie',
  'a functional image': 'eine funktionelle Aufnahme',
  'echo planar: diffusion, perfusion or function': 'echoplanar: Diffusion, Perfusion oder Funktion',
  'a field map': 'eine Feldkarte',
  spectroscopy: 'eine Spektroskopie',
  'a calibration': 'eine Kalibrierung',
  'neuromelanin or magnetization transfer imaging':
    'eine Neuromelanin- oder Magnetisierungstransfer-Aufnahme',
  'a double inversion recovery image': 'eine Double-Inversion-Recovery-Aufnahme',
  'one of the images of an MP2RAGE': 'eines der Bilder einer MP2RAGE',
  'a phase image': 'ein Phasenbild',
  'a picture of the screen or a report': 'ein Bildschirmfoto oder ein Befund',
  'It is a reformat: {{0}}, and “{{1}}” was acquired.':
    'Das ist eine Rekonstruktion: {{0}}, und „{{1}}“ wurde aufgenommen.',
  'It is a reformat: {{0}}; its original is not here.':
    'Das ist eine Rekonstruktion: {{0}}; ihr Original ist nicht hier.',

  // Which of several series
  'Not chosen: “{{0}}” is used as {{1}}; {{2}}.': 'Nicht gewählt: „{{0}}“ wird als {{1}} verwendet; {{2}}.',
  'you chose the other': 'Sie haben die andere gewählt',
  'it has one image only': 'diese hat nur ein Bild',
  'it has {{0}} images only': 'diese hat nur {{0}} Bilder',
  'its contrast is less certain': 'hier ist der Kontrast weniger sicher',
  'a slice is missing': 'hier fehlt eine Schicht',
  '{{0}} slices are missing': 'hier fehlen {{0}} Schichten',
  'it covers {{0}} mm of {{1}} mm, the other {{2}} mm of {{3}} mm':
    'diese deckt {{0}} mm von {{1}} mm ab, die andere {{2}} mm von {{3}} mm',
  'its headers do not tell what it covers': 'ihre DICOM-Header sagen nicht, was sie abdeckt',
  "its voxels are {{0}}, the other's {{1}}": 'ihre Voxel messen {{0}}, die der anderen {{1}}',
  '{{0}} x {{1}} x {{2}} mm': '{{0}} x {{1}} x {{2}} mm',
  'its slices lie further from those of the reference':
    'ihre Schichten sind stärker gegen die der Referenz gekippt',
  'it is no better and comes later': 'diese ist nicht besser und kommt später',
};
