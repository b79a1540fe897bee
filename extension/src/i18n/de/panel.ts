/** The panel's own words, and those of its button and hotkey. */
export const panel = {
  'Synthesize missing modality': 'Fehlende Modalität synthetisieren',
  'Synthesize missing modality: predicts a contrast that was not acquired':
    'Fehlende Modalität synthetisieren: sagt einen Kontrast vorher, der nicht aufgenommen wurde',
  Synthesis: 'Synthese',
  'For research. Predicts a contrast that was not acquired from the ones that were; nothing leaves this machine. How the series lie on one another is measured, and motion between them is corrected, before each job.':
    'Für die Forschung. Sagt einen nicht aufgenommenen Kontrast aus den aufgenommenen vorher; nichts verlässt diesen Rechner. Wie die Serien aufeinander liegen, wird vor jedem Auftrag gemessen, und Bewegung zwischen ihnen wird korrigiert.',
  'Open a brain MR study: its series appear here.':
    'Öffnen Sie eine MR-Untersuchung des Gehirns: Ihre Serien erscheinen hier.',
  T1: 'T1',
  'T1 post-contrast': 'T1 nach Kontrastmittel',
  T2: 'T2',
  FLAIR: 'FLAIR',
  'Acquired series': 'Aufgenommene Serien',
  'Not used: {{0}}': 'Nicht verwendet: {{0}}',
  'not used': 'nicht verwendet',
  'Contrast of {{0}}': 'Kontrast von {{0}}',
  'Slices and pixels as in': 'Schichten und Pixel wie in',
  'Missing, to be synthesized': 'Fehlend, zu synthetisieren',
  'All four contrasts were acquired; nothing is missing.':
    'Alle vier Kontraste wurden aufgenommen; es fehlt nichts.',
};
