/** A result, and how it was made. */
export const results = {
  'Synthetic series': 'Synthetische Serien',
  'Synthetic {{0}}': 'Synthetisches {{0}}',
  'Predicted, not measured.': 'Vorhergesagt, nicht gemessen.',
  'A synthetic T1ce cannot know gadolinium uptake: the absence of enhancement in it excludes nothing.':
    'Ein synthetisches T1 nach Kontrastmittel kann keine Gadoliniumaufnahme kennen: Fehlende Anreicherung darin schließt nichts aus.',
  Show: 'Zeigen',
  'Show {{0}}': '{{0}} zeigen',
  Compare: 'Vergleichen',
  'Compare {{0}} with its reference': '{{0}} mit seiner Referenz vergleichen',

  'How {{0}} was made': 'Wie {{0}} entstanden ist',
  'Source {{0}}': 'Quelle {{0}}',
  'Source {{0}}, whose slices it has': 'Quelle {{0}}, deren Schichten es hat',
  '{{0}} images, series {{1}}': '{{0}} Bilder, Serie {{1}}',
  'Alignment of {{0}}': 'Lage von {{0}}',
  '{{0}} mm and {{1}}° found, corrected': '{{0}} mm und {{1}}° gefunden, korrigiert',
  '{{0}} mm and {{1}}° found, left as it was': '{{0}} mm und {{1}}° gefunden, belassen',
  '{{0}} mm, {{1}} degrees': '{{0}} mm, {{1}} Grad',
  '{{0}} moved {{1}}; registered onto {{2}}': '{{0}} war um {{1}} bewegt; auf {{2}} ausgerichtet',
  '{{0}} aligned with {{1}} within {{2}}': '{{0}} liegt bis auf {{2}} auf {{1}}',
  Model: 'Modell',
  'Brain found by': 'Gehirn gefunden durch',
  Sampling: 'Ziehung',
  '{{0}} of {{1}} steps, seed {{2}}': '{{0}} zu {{1}} Schritten, Startwert {{2}}',
  'Computed by': 'Berechnet durch',
  Software: 'Software',
};
