/** A job: where it runs, how far it is, how it ends. */
export const job = {
  Synthesize: 'Synthetisieren',
  'Run anyway': 'Trotzdem ausführen',
  Cancel: 'Abbrechen',
  Starting: 'Beginnt',
  'Synthesis progress': 'Fortschritt der Synthese',
  'Read and tick the warnings, then run.': 'Lesen Sie die Warnungen, haken Sie sie ab, dann starten Sie.',

  // Where
  'Runs {{0}}, as configured.': 'Rechnet {{0}}, wie eingestellt.',
  'No usable GPU was found: runs {{0}}.': 'Keine brauchbare GPU gefunden: rechnet {{0}}.',
  'Only a software GPU was found: runs {{0}}.': 'Nur eine Software-GPU gefunden: rechnet {{0}}.',
  'Runs on the GPU (WebGPU, half precision).': 'Rechnet auf der GPU (WebGPU, halbe Genauigkeit).',
  'Runs on the GPU (WebGPU, single precision).': 'Rechnet auf der GPU (WebGPU, einfache Genauigkeit).',
  'on the processor (WebAssembly, 1 thread)': 'auf dem Prozessor (WebAssembly, 1 Thread)',
  'on the processor (WebAssembly, {{0}} threads)': 'auf dem Prozessor (WebAssembly, {{0}} Threads)',
  'The GPU failed.': 'Die GPU hat versagt.',
  'The GPU computes this model wrongly ({{0}}).': 'Die GPU rechnet dieses Modell falsch ({{0}}).',
  '{{0}} Ran {{1}} instead.': '{{0}} Stattdessen {{1}} gerechnet.',

  // How far
  'Reading image {{0}} of {{1}}': 'Liest Bild {{0}} von {{1}}',
  'Measuring how the series lie on one another: step {{0}} of {{1}}':
    'Misst, wie die Serien aufeinander liegen: Schritt {{0}} von {{1}}',
  'Finding the brain: step {{0}} of {{1}}': 'Sucht das Gehirn: Schritt {{0}} von {{1}}',
  'Loading the model: {{0}} of {{1}} MB': 'Lädt das Modell: {{0}} von {{1}} MB',
  'Checking the model on this machine: network {{0}} of {{1}}':
    'Prüft das Modell auf diesem Rechner: Netz {{0}} von {{1}}',
  'Resampling and scaling the series: step {{0}} of {{1}}':
    'Rechnet die Serien um und skaliert sie: Schritt {{0}} von {{1}}',
  'Encoding the series: step {{0}} of {{1}}': 'Kodiert die Serien: Schritt {{0}} von {{1}}',
  'Predicting {{0}}: step {{1}} of {{2}}': 'Sagt {{0}} vorher: Schritt {{1}} von {{2}}',
  'Making the slices: step {{0}} of {{1}}': 'Erzeugt die Schichten: Schritt {{0}} von {{1}}',
  'Writing the DICOM series': 'Schreibt die DICOM-Serie',
  'about {{0}} s left': 'noch etwa {{0}} s',
  'about {{0}} min left': 'noch etwa {{0}} min',
  'almost done': 'fast fertig',

  // How it ends
  'Synthetic {{0}} made. {{1}}': '{{0}} synthetisiert. {{1}}',
  'Synthetic {{0}} made: predicted, not measured.': '{{0}} synthetisiert: vorhergesagt, nicht gemessen.',
  'The synthesis was cancelled; nothing was kept.': 'Die Synthese wurde abgebrochen; nichts wurde behalten.',
  'The synthesis was cancelled because its study was closed; nothing was kept.':
    'Die Synthese wurde abgebrochen, weil ihre Untersuchung geschlossen wurde; nichts wurde behalten.',
};
