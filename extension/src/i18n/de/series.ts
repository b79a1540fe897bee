/** Series, their stacks, and what is wrong with them. */
export const series = {
  '(no description)': '(ohne Beschreibung)',
  'stack {{0}}': 'Stapel {{0}}',
  'b {{0}}': 'b {{0}}',
  'inversion {{0}}': 'Inversion {{0}}',
  'time {{0}}': 'Zeitpunkt {{0}}',
  'image type {{0}}': 'Bildtyp {{0}}',
  'acquisition {{0}}': 'Aufnahme {{0}}',
  'echo {{0}}': 'Echo {{0}}',
  'part {{0}}': 'Teil {{0}}',
  'no plane': 'ohne Ebene',
  axial: 'axial',
  coronal: 'koronar',
  sagittal: 'sagittal',

  // Images by their numbers
  'frame {{0}}': 'Frame {{0}}',
  'frames {{0}} and {{1}}': 'Frame {{0}} und {{1}}',
  'image {{0}}': 'Bild {{0}}',
  'images {{0}} and {{1}}': 'Bild {{0}} und {{1}}',
  'slice {{0}}': 'Schicht {{0}}',
  'slices {{0}} and {{1}}': 'Schicht {{0}} und {{1}}',
  '1 other': '1 weiteres',
  '{{0}} others': '{{0}} weitere',

  // Faults
  'The series “{{0}}” cannot be used: {{1}}.': 'Die Serie „{{0}}“ kann nicht verwendet werden: {{1}}.',
  '{{0}} in {{1}}': '{{0}} ({{1}})',
  'it has 1 image, {{0}} are needed': 'sie hat 1 Bild, nötig sind {{0}}',
  'it has {{0}} images, {{1}} are needed': 'sie hat {{0}} Bilder, nötig sind {{1}}',
  'size, spacing or orientation differ in {{0}}': 'Größe, Abstand oder Orientierung weichen ab ({{0}})',
  '{{0}} lie at the same position': '{{0}} liegen an derselben Stelle',
  'its slices are unevenly spaced between {{0}}': 'ihre Schichten haben ungleiche Abstände (zwischen {{0}})',
  '1 slice is missing between {{0}}': 'zwischen {{0}} fehlt 1 Schicht',
  '{{0}} slices are missing between {{1}}': 'zwischen {{1}} fehlen {{0}} Schichten',
  '{{0}} slices are missing, the first between {{1}}': 'es fehlen {{0}} Schichten, die erste zwischen {{1}}',
  'ImagePositionPatient is off the line of the other slices in {{0}}':
    'ImagePositionPatient liegt neben der Linie der anderen Schichten ({{0}})',
  'its slices are sheared by {{0}} degrees: each is shifted sideways against the one before':
    'ihre Schichten sind um {{0}} Grad geschert: Jede ist gegen die vorige seitlich verschoben',
  'its slices span more than a metre': 'ihre Schichten reichen über mehr als einen Meter',
  'its {{0}} voxels are {{1}} million, at most {{2}} million can be handled':
    'ihre {{0}} Voxel sind {{1}} Millionen, höchstens {{2}} Millionen sind möglich',
  'PerFrameFunctionalGroupsSequence does not describe each of the NumberOfFrames':
    'PerFrameFunctionalGroupsSequence beschreibt nicht jeden der NumberOfFrames',
  'Rows or Columns is missing or zero': 'Rows oder Columns fehlt oder ist null',
  'SamplesPerPixel says colour': 'SamplesPerPixel sagt Farbe',
  'PhotometricInterpretation is {{0}}, not MONOCHROME2,':
    'PhotometricInterpretation ist {{0}}, nicht MONOCHROME2',
  'BitsAllocated is neither 8 nor 16': 'BitsAllocated ist weder 8 noch 16',
  'BitsStored does not fit BitsAllocated': 'BitsStored passt nicht zu BitsAllocated',
  'HighBit is not BitsStored - 1': 'HighBit ist nicht BitsStored - 1',
  'RescaleSlope is zero': 'RescaleSlope ist null',
  'ImagePositionPatient is missing or not three numbers':
    'ImagePositionPatient fehlt oder besteht nicht aus drei Zahlen',
  'ImagePositionPatient is more than 10 m away': 'ImagePositionPatient liegt mehr als 10 m entfernt',
  'ImageOrientationPatient is missing or not six numbers':
    'ImageOrientationPatient fehlt oder besteht nicht aus sechs Zahlen',
  'ImageOrientationPatient is not two perpendicular unit vectors':
    'ImageOrientationPatient besteht nicht aus zwei senkrechten Einheitsvektoren',
  'PixelSpacing is missing or not two positive numbers':
    'PixelSpacing fehlt oder besteht nicht aus zwei positiven Zahlen',
  'PixelSpacing makes a picture wider than a metre': 'PixelSpacing ergibt ein Bild breiter als ein Meter',
  'it has {{0}} pixels where {{1}} belong': 'es hat {{0}} Pixel statt {{1}}',
  'Frame {{0}}': 'Frame {{0}}',
  'Image {{0}}': 'Bild {{0}}',
  '{{0}} of the series “{{1}}” could not be read{{2}}; check it in the archive and the connection, then try again.':
    '{{0}} der Serie „{{1}}“ konnte nicht gelesen werden{{2}}; prüfen Sie es im Archiv und die Verbindung, dann versuchen Sie es erneut.',
  'The series “{{0}}” is no longer loaded; open its study again.':
    'Die Serie „{{0}}“ ist nicht mehr geladen; öffnen Sie ihre Untersuchung erneut.',
};
