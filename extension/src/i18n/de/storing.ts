/** A result's way into the archive, out of the window, or into a file. */
export const storing = {
  Accept: 'Annehmen',
  'Accept {{0}}': '{{0}} annehmen',
  Reject: 'Verwerfen',
  'Reject {{0}}': '{{0}} verwerfen',
  Download: 'Herunterladen',
  'Download {{0}}': '{{0}} herunterladen',
  'Only in this window. Accept stores it in the PACS, Reject removes it.':
    'Nur in diesem Fenster. Annehmen speichert es im PACS, Verwerfen entfernt es.',
  Storing: 'Wird gespeichert',
  'Storing: {{0}} of {{1}} images': 'Wird gespeichert: {{0}} von {{1}} Bildern',
  '{{0}} of {{1}} images are in the PACS.': '{{0}} von {{1}} Bildern sind im PACS.',
  'Stored in the PACS: {{0}} images, read back.': 'Im PACS gespeichert: {{0}} Bilder, zurückgelesen.',
  'Synthetic {{0}} stored: {{1}} images.': 'Synthetisches {{0}} gespeichert: {{1}} Bilder.',
  'Synthetic {{0}} was rejected and removed.': 'Synthetisches {{0}} wurde verworfen und entfernt.',
  'Synthetic {{0}} was removed here, but {{1}} of its images are in the archive: ask its administrator to delete the series {{2}}.':
    'Synthetisches {{0}} wurde hier entfernt, aber {{1}} seiner Bilder sind im Archiv: Bitten Sie die Administration des Archivs, die Serie {{2}} zu löschen.',
  'The download failed; the result stays here: try again.':
    'Das Herunterladen ist fehlgeschlagen; das Ergebnis bleibt hier: Versuchen Sie es erneut.',
  'The result is no longer loaded; synthesize it again.':
    'Das Ergebnis ist nicht mehr geladen; synthetisieren Sie es erneut.',
  'This report refers to a synthetic series that is not stored: accept the series first, then save the report.':
    'Dieser Bericht bezieht sich auf eine synthetische Serie, die nicht gespeichert ist: Nehmen Sie zuerst die Serie an, dann speichern Sie den Bericht.',

  // Failures
  'Storing failed unexpectedly; the result stays here: press Accept to try again.':
    'Das Speichern ist unerwartet fehlgeschlagen; das Ergebnis bleibt hier: Drücken Sie Annehmen, um es erneut zu versuchen.',
  '{{0}}; the result stays here.': '{{0}}; das Ergebnis bleibt hier.',
  'The archive did not answer in time; try again, or ask its administrator':
    'Das Archiv hat nicht rechtzeitig geantwortet; versuchen Sie es erneut oder fragen Sie seine Administration',
  'The archive cannot be reached or the connection broke; check the network and try again':
    'Das Archiv ist nicht erreichbar oder die Verbindung brach ab; prüfen Sie das Netzwerk und versuchen Sie es erneut',
  'The archive refused an image{{0}}; ask its administrator':
    'Das Archiv hat ein Bild abgelehnt{{0}}; fragen Sie seine Administration',
  'The archive took every image but does not list them all; try again, or ask its administrator':
    'Das Archiv hat jedes Bild angenommen, führt aber nicht alle auf; versuchen Sie es erneut oder fragen Sie seine Administration',
  'This data source cannot store; download the result instead':
    'Diese Datenquelle kann nicht speichern; laden Sie das Ergebnis stattdessen herunter',
  'The archive asks for a login (HTTP 401); log in again and try again':
    'Das Archiv verlangt eine Anmeldung (HTTP 401); melden Sie sich neu an und versuchen Sie es erneut',
  'You may not store in this archive (HTTP 403); ask its administrator for the right to':
    'Sie dürfen in diesem Archiv nicht speichern (HTTP 403); bitten Sie seine Administration um das Recht dazu',
  'This archive takes no images (HTTP {{0}}); download the result instead':
    'Dieses Archiv nimmt keine Bilder an (HTTP {{0}}); laden Sie das Ergebnis stattdessen herunter',
  'The archive refused an image as conflicting (HTTP 409{{0}}); ask its administrator':
    'Das Archiv hat ein Bild als widersprüchlich abgelehnt (HTTP 409{{0}}); fragen Sie seine Administration',
  'An image is larger than the archive allows (HTTP 413); ask its administrator to raise the limit':
    'Ein Bild ist größer, als das Archiv erlaubt (HTTP 413); bitten Sie seine Administration, die Grenze zu erhöhen',
  'The archive failed (HTTP {{0}}); try again later, or ask its administrator':
    'Das Archiv hat versagt (HTTP {{0}}); versuchen Sie es später erneut oder fragen Sie seine Administration',
  'The archive refused an image (HTTP {{0}}); ask its administrator':
    'Das Archiv hat ein Bild abgelehnt (HTTP {{0}}); fragen Sie seine Administration',
  'out of resources ({{0}})': 'keine Mittel mehr frei ({{0}})',
  'does not match its SOP class ({{0}})': 'passt nicht zu seiner SOP-Klasse ({{0}})',
  'cannot be understood ({{0}})': 'nicht verstanden ({{0}})',
  'processing failure ({{0}})': 'Verarbeitungsfehler ({{0}})',
  'MR images are not supported ({{0}})': 'MR-Bilder werden nicht unterstützt ({{0}})',
  'not authorized ({{0}})': 'nicht berechtigt ({{0}})',
};
