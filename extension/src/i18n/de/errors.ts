/** Why a job did not run or failed, and what to do. */
export const errors = {
  'No study is open in the active viewport; open a brain MR study first.':
    'Im aktiven Fenster ist keine Untersuchung offen; öffnen Sie zuerst eine MR-Untersuchung des Gehirns.',
  'No series of this study was recognized as T1, T2 or FLAIR; choose the contrast of at least one.':
    'Keine Serie dieser Untersuchung wurde als T1, T2 oder FLAIR erkannt; wählen Sie den Kontrast von mindestens einer.',
  'All four contrasts were acquired in this study; nothing is missing.':
    'Alle vier Kontraste wurden in dieser Untersuchung aufgenommen; es fehlt nichts.',
  'No target is chosen; tick the contrast to synthesize.':
    'Kein Ziel ist gewählt; haken Sie den Kontrast an, der synthetisiert werden soll.',
  'A synthesis is already running; wait for it or cancel it.':
    'Eine Synthese läuft schon; warten Sie auf sie oder brechen Sie sie ab.',

  // Sources
  'The {{0}} series does not overlap the {{1}} series in space; choose series of the same position.':
    'Die Serien {{0}} und {{1}} überlappen räumlich nicht; wählen Sie Serien derselben Lage.',
  'The {{0}} series could not be laid onto the {{1}} series: {{2}}; leave it out or choose another series.':
    'Die Serie {{0}} konnte nicht auf die Serie {{1}} ausgerichtet werden: {{2}}; lassen Sie sie weg oder wählen Sie eine andere.',
  'one fits the other better with left and right exchanged':
    'die eine passt mit vertauschten Seiten besser auf die andere',
  'the two images have too little in common': 'die beiden haben zu wenig gemeinsam',
  'they are less alike after the motion found ({{0}}) than before':
    'nach der gefundenen Bewegung ({{0}}) ähneln sie einander weniger als vorher',
  'the motion found ({{0}}) is beyond belief for a head':
    'die gefundene Bewegung ({{0}}) ist für einen Kopf nicht glaubhaft',
  'Only {{0}} mL of brain were found in the sources; a brain study that covers the head is needed.':
    'Nur {{0}} mL Gehirn wurden in den Quellen gefunden; nötig ist eine Untersuchung des Gehirns, die den Kopf abdeckt.',

  // The model
  "The model file {{0}} could not be read. Check the bundle's address in the configuration and try again.":
    'Die Modelldatei {{0}} konnte nicht gelesen werden. Prüfen Sie die Adresse des Bundles in der Konfiguration und versuchen Sie es erneut.',
  'The model file {{0}} is damaged or was exchanged: its size or SHA-256 differs from bundle.json. Install the bundle again.':
    'Die Modelldatei {{0}} ist beschädigt oder wurde ausgetauscht: Ihre Größe oder SHA-256 weicht von bundle.json ab. Installieren Sie das Bundle neu.',
  "The model description {{0}}bundle.json is not JSON. Check the bundle's address in the configuration.":
    'Die Modellbeschreibung {{0}}bundle.json ist kein JSON. Prüfen Sie die Adresse des Bundles in der Konfiguration.',
  'The model description {{0}} is not valid at “{{1}}”: {{2}}. Install the bundle again or ask whoever provided it.':
    'Die Modellbeschreibung {{0}} ist bei „{{1}}“ nicht gültig: {{2}}. Installieren Sie das Bundle neu oder fragen Sie, wer es bereitgestellt hat.',
  'The model {{0}} has no network “{{1}}”: it does not know that contrast. Choose other sources or targets.':
    'Das Modell {{0}} hat kein Netz „{{1}}“: Es kennt diesen Kontrast nicht. Wählen Sie andere Quellen oder Ziele.',
  'The number of diffusion steps must lie between 1 and {{0}}, not {{1}}.':
    'Die Zahl der Diffusionsschritte muss zwischen 1 und {{0}} liegen, nicht {{1}}.',
  "The inference runtime could not be loaded from {{0}}. Check that the extension's public folder is served.":
    'Die Laufzeitumgebung der Netze konnte nicht von {{0}} geladen werden. Prüfen Sie, ob der Ordner public der Erweiterung ausgeliefert wird.',
  'The network {{0}} could not be started on {{1}}.':
    'Das Netz {{0}} konnte auf {{1}} nicht gestartet werden.',
  'The network {{0}} failed while it ran.': 'Das Netz {{0}} hat beim Rechnen versagt.',

  // Whatever else
  'The synthesis failed unexpectedly; nothing was kept.':
    'Die Synthese ist unerwartet fehlgeschlagen; nichts wurde behalten.',
  'The synthesis stopped because its worker failed; try again.':
    'Die Synthese ist stehen geblieben, weil ihr Worker versagt hat; versuchen Sie es erneut.',
  'The configuration {{0}} is wrong: {{1}}.': 'Die Konfiguration {{0}} ist falsch: {{1}}.',
  '“{{0}}” is not a known key; known keys are {{1}}':
    '„{{0}}“ ist kein bekannter Schlüssel; bekannt sind {{1}}',
  'The record of how this image was made cannot be read ({{0}}: {{1}}); it was changed, or written by another version of this software.':
    'Die Aufzeichnung, wie dieses Bild entstand, kann nicht gelesen werden ({{0}}: {{1}}); sie wurde geändert oder von einer anderen Version dieser Software geschrieben.',
  'all of it': 'insgesamt',
};
