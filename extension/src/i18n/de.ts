/** German, by the English text; `{{...}}` are filled in. */
export const de = {
  // Panel
  'Synthesize missing modality': 'Fehlende Modalität synthetisieren',
  'Synthesize missing modality: predicts a contrast that was not acquired':
    'Fehlende Modalität synthetisieren: sagt einen Kontrast vorher, der nicht aufgenommen wurde',
  Synthesis: 'Synthese',
  'For research. Predicts a contrast that was not acquired from the ones that were; nothing leaves this machine. How the series lie on one another is measured, and motion between them is corrected, before each job.':
    'Für die Forschung. Sagt einen nicht aufgenommenen Kontrast aus den aufgenommenen vorher; nichts verlässt diesen Rechner. Wie die Serien aufeinander liegen, wird vor jedem Auftrag gemessen, und Bewegung zwischen ihnen wird korrigiert.',
  'Open a brain MR study: its series appear here.':
    'Öffnen Sie eine MR-Untersuchung des Gehirns: Ihre Serien erscheinen hier.',
  // Contrasts
  T1: 'T1',
  'T1 post-contrast': 'T1 nach Kontrastmittel',
  T2: 'T2',
  FLAIR: 'FLAIR',
  // Series and targets
  'Acquired series': 'Aufgenommene Serien',
  'Not used: {{reason}}': 'Nicht verwendet: {{reason}}',
  'not used': 'nicht verwendet',
  'high confidence': 'hohe Sicherheit',
  'medium confidence': 'mittlere Sicherheit',
  'low confidence, please check': 'geringe Sicherheit, bitte prüfen',
  'Contrast of {{series}}': 'Kontrast von {{series}}',
  'Slices and pixels as in': 'Schichten und Pixel wie in',
  'Missing, to be synthesized': 'Fehlend, zu synthetisieren',
  'All four contrasts were acquired; nothing is missing.':
    'Alle vier Kontraste wurden aufgenommen; es fehlt nichts.',
  // Preflight
  Preflight: 'Vorabprüfung',
  Good: 'Gut',
  Warning: 'Warnung',
  Blocked: 'Gesperrt',
  'Sources and roles': 'Quellen und Rollen',
  'Coverage of the head': 'Abdeckung des Kopfes',
  Resolution: 'Auflösung',
  Alignment: 'Ausrichtung',
  'Whole head or stripped': 'Ganzer Kopf oder nur Gehirn',
  'Fit to the model': 'Eignung für das Modell',
  'Time and memory': 'Zeit und Speicher',
  'I have read this': 'Ich habe das gelesen',
  'I have read the warning about {{check}}: {{sentence}}':
    'Ich habe die Warnung zu {{check}} gelesen: {{sentence}}',
  'Measured when you start: {{checks}}.': 'Wird beim Start gemessen: {{checks}}.',
  'Good runs. A warning runs after its tick. Blocked does not run.':
    'Gut läuft. Eine Warnung läuft nach dem Häkchen. Gesperrt läuft nicht.',
  'Read and tick the warnings, then run.': 'Lesen Sie die Warnungen, haken Sie sie ab, dann starten Sie.',
  'Run anyway': 'Trotzdem ausführen',
  // Job
  Synthesize: 'Synthetisieren',
  Cancel: 'Abbrechen',
  Starting: 'Beginnt',
  'Synthesis progress': 'Fortschritt der Synthese',
  // Result
  'Synthetic series': 'Synthetische Serien',
  'Synthetic {{contrast}}': 'Synthetisches {{contrast}}',
  'Predicted, not measured.': 'Vorhergesagt, nicht gemessen.',
  'A synthetic T1ce cannot know gadolinium uptake: the absence of enhancement in it excludes nothing.':
    'Ein synthetisches T1 nach Kontrastmittel kann keine Gadoliniumaufnahme kennen: Fehlende Anreicherung darin schließt nichts aus.',
  Show: 'Zeigen',
  'Show {{name}}': '{{name}} zeigen',
  Compare: 'Vergleichen',
  'Compare {{name}} with its reference': '{{name}} mit seiner Referenz vergleichen',
  Accept: 'Annehmen',
  'Accept {{name}}': '{{name}} annehmen',
  Reject: 'Verwerfen',
  'Reject {{name}}': '{{name}} verwerfen',
  Download: 'Herunterladen',
  'Download {{name}}': '{{name}} herunterladen',
  'Only in this window. Accept stores it in the PACS, Reject removes it.':
    'Nur in diesem Fenster. Annehmen speichert es im PACS, Verwerfen entfernt es.',
  Storing: 'Wird gespeichert',
  'Storing: {{done}} of {{of}} images': 'Wird gespeichert: {{done}} von {{of}} Bildern',
  '{{done}} of {{of}} images are in the PACS.': '{{done}} von {{of}} Bildern sind im PACS.',
  'Stored in the PACS: {{images}} images, read back.':
    'Im PACS gespeichert: {{images}} Bilder, zurückgelesen.',
  // How it was made
  'How {{name}} was made': 'Wie {{name}} entstanden ist',
  'Source {{contrast}}': 'Quelle {{contrast}}',
  'Source {{contrast}}, whose slices it has': 'Quelle {{contrast}}, deren Schichten es hat',
  '{{images}} images, series {{series}}': '{{images}} Bilder, Serie {{series}}',
  'Alignment of {{contrast}}': 'Lage von {{contrast}}',
  '{{millimetres}} mm and {{degrees}}° found, corrected':
    '{{millimetres}} mm und {{degrees}}° gefunden, korrigiert',
  '{{millimetres}} mm and {{degrees}}° found, left as it was':
    '{{millimetres}} mm und {{degrees}}° gefunden, belassen',
  Model: 'Modell',
  'Brain found by': 'Gehirn gefunden durch',
  Sampling: 'Ziehung',
  '{{samples}} of {{steps}} steps, seed {{seed}}': '{{samples}} zu {{steps}} Schritten, Startwert {{seed}}',
  'Computed by': 'Berechnet durch',
  Software: 'Software',
  // Model card
  'Intended use and limitations of {{model}}': 'Zweckbestimmung und Grenzen von {{model}}',
  'Not for': 'Nicht für',
  Limitations: 'Grenzen',
} as const satisfies Record<string, string>;
