/** What is checked before a job. */
export const preflight = {
  '{{0}} (“{{1}}”)': '{{0}} („{{1}}“)',
  '“{{0}}”: {{1}}': '„{{0}}“: {{1}}',
  Preflight: 'Vorabprüfung',
  Good: 'Gut',
  Warning: 'Warnung',
  Blocked: 'Gesperrt',
  'I have read this': 'Ich habe das gelesen',
  'I have read the warning about {{0}}: {{1}}': 'Ich habe die Warnung zu {{0}} gelesen: {{1}}',
  'Measured when you start: {{0}}.': 'Wird beim Start gemessen: {{0}}.',
  'Good runs. A warning runs after its tick. Blocked does not run.':
    'Gut läuft. Eine Warnung läuft nach dem Häkchen. Gesperrt läuft nicht.',

  // Sources and roles
  'Sources and roles': 'Quellen und Rollen',
  '{{0}}; the result gets the slices of {{1}}.': '{{0}}; das Ergebnis bekommt die Schichten von {{1}}.',
  'It is not sure that “{{0}}” is {{1}}.': 'Es ist nicht sicher, dass „{{0}}“ {{1}} ist.',
  'Look at the images, and choose the contrast of the series yourself.':
    'Sehen Sie die Bilder an und wählen Sie den Kontrast der Serie selbst.',
  'Choose another series as {{0}}, or none.': 'Wählen Sie eine andere Serie als {{0}} oder keine.',

  // Coverage
  'Coverage of the head': 'Abdeckung des Kopfes',
  'The series is {{0}} mm to the left, the back and the head.':
    'Die Serie misst {{0}} mm nach links, hinten und kopfwärts.',
  '{{0}} covers {{1}} mm; a brain needs about {{2}} mm.':
    '{{0}} deckt {{1}} mm ab; ein Gehirn braucht etwa {{2}} mm.',
  'Choose a series that covers the head.': 'Wählen Sie eine Serie, die den Kopf abdeckt.',
  'Every source shows all of the brain, or nearly all.':
    'Jede Quelle zeigt das ganze Gehirn oder fast das ganze.',
  'The brain goes on beyond the {{0}} end of the series.':
    'Das Gehirn reicht über das {{0}} Ende der Serie hinaus.',
  right: 'rechte',
  left: 'linke',
  front: 'vordere',
  back: 'hintere',
  lower: 'untere',
  upper: 'obere',
  '{{0}} shows {{1}} % of the brain.': '{{0}} zeigt {{1}} % des Gehirns.',
  'What is not covered is not predicted, or predicted from less.':
    'Was nicht abgedeckt ist, wird nicht oder aus weniger vorhergesagt.',

  // Resolution
  Resolution: 'Auflösung',
  'The result will have {{0}}.': 'Das Ergebnis wird {{0}} haben.',
  '{{0}} has {{1}}.': '{{0}} hat {{1}}.',
  '{{0}} mm pixels and slices {{1}} mm apart': '{{0}} mm große Pixel und {{1}} mm Schichtabstand',
  'Choose a finer series; details smaller than that cannot be predicted.':
    'Wählen Sie eine feinere Serie; kleinere Einzelheiten können nicht vorhergesagt werden.',

  // Alignment
  Alignment: 'Ausrichtung',
  'One source: nothing to align.': 'Eine Quelle: nichts auszurichten.',
  '{{0}} mm and {{1}} degrees': '{{0}} mm und {{1}} Grad',
  '{{0}} lies on {{1}} within {{2}}.': '{{0}} liegt bis auf {{2}} auf {{1}}.',
  '{{0}} fits {{1}} no better than another head would.':
    '{{0}} passt auf {{1}} nicht besser, als ein anderer Kopf es täte.',
  'It may show another head, or one turned over: compare the series before the result is used.':
    'Sie zeigt vielleicht einen anderen Kopf oder einen umgedrehten: Vergleichen Sie die Serien, bevor das Ergebnis verwendet wird.',
  '{{0}} was moved onto {{1}} by {{2}}.': '{{0}} wurde um {{2}} bewegt und so auf {{1}} ausgerichtet.',
  'That is much for one session: compare the series before the result is used.':
    'Das ist viel für eine Sitzung: Vergleichen Sie die Serien, bevor das Ergebnis verwendet wird.',

  // Head
  'Whole head or stripped': 'Ganzer Kopf oder nur Gehirn',
  'Whole head; {{0}} mL of brain were found.': 'Ganzer Kopf; {{0}} mL Gehirn wurden gefunden.',
  'The skull was removed before; {{0}} mL of brain were found.':
    'Der Schädel wurde vorher entfernt; {{0}} mL Gehirn wurden gefunden.',
  'Only {{0}} mL of brain were found.': 'Nur {{0}} mL Gehirn wurden gefunden.',
  'A brain study that covers the head is needed.':
    'Nötig ist eine Untersuchung des Gehirns, die den Kopf abdeckt.',
  '{{0}} shows the brain alone, the others the whole head; {{1}} mL of brain were found.':
    '{{0}} zeigt nur das Gehirn, die anderen den ganzen Kopf; {{1}} mL Gehirn wurden gefunden.',
  'Choose series of one kind, or look whether the brain is whole in all.':
    'Wählen Sie Serien einer Art oder sehen Sie nach, ob das Gehirn in allen vollständig ist.',
  '{{0}} An adult has {{1}} to {{2}} mL.': '{{0}} Erwachsene haben {{1}} bis {{2}} mL.',
  'Brain may be missing or too much may be taken for it; the model was not made for children.':
    'Vielleicht fehlt Gehirn oder zu viel wird dafür gehalten; das Modell ist nicht für Kinder gemacht.',

  // Fit
  'Fit to the model': 'Eignung für das Modell',
  '{{0}} from {{1}}: {{2}} knows them.': '{{0}} aus {{1}}: {{2}} kennt sie.',
  'The model {{0}} does not know {{1}}.': 'Das Modell {{0}} kennt {{1}} nicht.',
  'Leave it out, or choose another model in the configuration.':
    'Lassen Sie diesen Kontrast weg oder wählen Sie in der Konfiguration ein anderes Modell.',
  'There is one source, {{0}}; the model can use {{1}}.':
    'Es gibt eine Quelle, {{0}}; das Modell kann {{1}} verwenden.',
  'Add sources if the study has them.': 'Fügen Sie Quellen hinzu, wenn die Untersuchung welche hat.',
  "{{0}} % of the brain lies outside the model's {{1}} x {{2}} mm.":
    '{{0}} % des Gehirns liegen außerhalb der {{1}} x {{2}} mm des Modells.',
  'It will be black in the result; take another reference if one lies straighter.':
    'Dieser Teil wird im Ergebnis schwarz; nehmen Sie eine andere Referenz, wenn eine gerader liegt.',

  // Time, memory, download
  'Time and memory': 'Zeit und Speicher',
  'About {{0}}, about {{1}} of memory. {{2}}': 'Etwa {{0}}, etwa {{1}} Arbeitsspeicher. {{2}}',
  'Time unknown before the first run on this machine, about {{0}} of memory. {{1}}':
    'Dauer vor dem ersten Lauf auf diesem Rechner unbekannt, etwa {{0}} Arbeitsspeicher. {{1}}',
  '{{0}} s': '{{0}} s',
  '{{0}} min': '{{0}} min',
  '{{0}} MB': '{{0}} MB',
  '{{0}} GB': '{{0}} GB',
  'Choose fewer targets, or a machine with a GPU.': 'Wählen Sie weniger Ziele oder einen Rechner mit GPU.',
  '{{0}} The machine has {{1}}.': '{{0}} Der Rechner hat {{1}}.',
  'Close other programs, or choose fewer or coarser series.':
    'Schließen Sie andere Programme oder wählen Sie weniger oder gröbere Serien.',
  'The model ({{0}}) is on this machine: nothing to download.':
    'Das Modell ({{0}}) liegt auf diesem Rechner: nichts herunterzuladen.',
  "{{0}} of the model's {{1}} must be downloaded.":
    '{{0}} der {{1}} des Modells müssen heruntergeladen werden.',
};
