import type { en } from './en';

/** Texts of the panel and the session in German, by code. */
export const de = {
  'panel/synthesize-missing': 'Fehlende Modalität synthetisieren',
  'panel/synthesize-missing-help':
    'Fehlende Modalität synthetisieren: sagt einen Kontrast vorher, der nicht aufgenommen wurde',
  'panel/title': 'Synthese',
  'panel/run-anyway': 'Trotzdem ausführen',
  'panel/synthesize': 'Synthetisieren',
  'panel/starting': 'Beginnt',
  'panel/progress': 'Fortschritt der Synthese',
  'panel/cancel': 'Abbrechen',
  'panel/preflight': 'Vorabprüfung',
  'panel/acknowledge-warning': 'Ich habe die Warnung zu {{check}} gelesen: {{finding}}',
  'panel/acknowledge': 'Ich habe das gelesen',
  'panel/measured-at-start': 'Wird beim Start gemessen: {{checks}}.',
  'panel/levels': 'Gut läuft. Eine Warnung läuft nach dem Häkchen. Gesperrt läuft nicht.',
  'panel/acquired': 'Aufgenommene Serien',
  'panel/reference': 'Schichten und Pixel wie in',
  'panel/not-used': 'Nicht verwendet: {{reason}}',
  'panel/contrast-of': 'Kontrast von {{series}}',
  'panel/unused': 'nicht verwendet',
  'panel/intro':
    'Für die Forschung. Sagt einen nicht aufgenommenen Kontrast aus den aufgenommenen vorher; nichts verlässt diesen Rechner. Wie die Serien aufeinander liegen, wird vor jedem Auftrag gemessen, und Bewegung zwischen ihnen wird korrigiert.',
  'panel/no-study': 'Öffnen Sie {{study}}: Ihre Serien erscheinen hier.',
  'panel/targets': 'Fehlend, zu synthetisieren',
  'panel/nothing-missing': 'Jeder Kontrast wurde aufgenommen; es fehlt nichts.',

  'series/not-loaded': 'Die Serie „{{series}}“ ist nicht mehr geladen; öffnen Sie ihre Untersuchung erneut.',
  'series/frame': 'Frame {{number}}',
  'series/image': 'Bild {{number}}',
  'series/image-unreadable-why': ': {{reasons}}',
  'series/image-unreadable':
    '{{image}} der Serie „{{series}}“ konnte nicht gelesen werden{{reason}}; prüfen Sie es im Archiv und die Verbindung, dann versuchen Sie es erneut.',

  'storage/reasons': ': {{reasons}}',
  'storage/timeout':
    'Das Archiv hat nicht rechtzeitig geantwortet; versuchen Sie es erneut oder fragen Sie seine Administration',
  'storage/unreachable':
    'Das Archiv ist nicht erreichbar oder die Verbindung brach ab; prüfen Sie das Netzwerk und versuchen Sie es erneut',
  'storage/refused': 'Das Archiv hat ein Bild abgelehnt{{reasons}}; fragen Sie seine Administration',
  'storage/not-listed':
    'Das Archiv hat jedes Bild angenommen, führt aber nicht alle auf; versuchen Sie es erneut oder fragen Sie seine Administration',
  'storage/cannot-store':
    'Diese Datenquelle kann nicht speichern; laden Sie das Ergebnis stattdessen herunter',
  'storage/login':
    'Das Archiv verlangt eine Anmeldung (HTTP 401); melden Sie sich neu an und versuchen Sie es erneut',
  'storage/forbidden':
    'Sie dürfen in diesem Archiv nicht speichern (HTTP 403); bitten Sie seine Administration um das Recht dazu',
  'storage/takes-no-images':
    'Dieses Archiv nimmt keine Bilder an (HTTP {{status}}); laden Sie das Ergebnis stattdessen herunter',
  'storage/conflict':
    'Das Archiv hat ein Bild als widersprüchlich abgelehnt (HTTP 409{{reasons}}); fragen Sie seine Administration',
  'storage/too-large':
    'Ein Bild ist größer, als das Archiv erlaubt (HTTP 413); bitten Sie seine Administration, die Grenze zu erhöhen',
  'storage/server-error':
    'Das Archiv hat versagt (HTTP {{status}}); versuchen Sie es später erneut oder fragen Sie seine Administration',
  'storage/http-error':
    'Das Archiv hat ein Bild abgelehnt (HTTP {{status}}); fragen Sie seine Administration',
  'storage/out-of-resources': 'keine Mittel mehr frei ({{code}})',
  'storage/sop-class-mismatch': 'passt nicht zu seiner SOP-Klasse ({{code}})',
  'storage/not-understood': 'nicht verstanden ({{code}})',
  'storage/processing-failure': 'Verarbeitungsfehler ({{code}})',
  'storage/class-unsupported': 'Bilder dieser Art werden nicht unterstützt ({{code}})',
  'storage/not-authorized': 'nicht berechtigt ({{code}})',
  'storage/report-refers-to-unstored':
    'Dieser Bericht bezieht sich auf eine synthetische Serie, die nicht gespeichert ist: Nehmen Sie zuerst die Serie an, dann speichern Sie den Bericht.',
  'storage/not-loaded': 'Das Ergebnis ist nicht mehr geladen; synthetisieren Sie es erneut.',
  'storage/failed': '{{reason}}; das Ergebnis bleibt hier.',
  'storage/stored': 'Synthetisches {{target}} gespeichert: {{count}} Bilder.',
  'storage/failed-unexpectedly':
    'Das Speichern ist unerwartet fehlgeschlagen; das Ergebnis bleibt hier: Drücken Sie Annehmen, um es erneut zu versuchen.',
  'storage/removed-here-only':
    'Synthetisches {{target}} wurde hier entfernt, aber {{count}} seiner Bilder sind im Archiv: Bitten Sie die Administration des Archivs, die Serie {{series}} zu löschen.',
  'storage/rejected': 'Synthetisches {{target}} wurde verworfen und entfernt.',
  'storage/download-failed':
    'Das Herunterladen ist fehlgeschlagen; das Ergebnis bleibt hier: Versuchen Sie es erneut.',

  'job/waiting': 'Lesen Sie die Warnungen, haken Sie sie ab, dann starten Sie.',
  'job/study-closed':
    'Die Synthese wurde abgebrochen, weil ihre Untersuchung geschlossen wurde; nichts wurde behalten.',
  'job/done': '{{targets}} synthetisiert. {{provider}}',
  'job/done-notice': '{{targets}} synthetisiert: vorhergesagt, nicht gemessen.',
  'job/no-study': 'Im aktiven Fenster ist keine Untersuchung offen; öffnen Sie zuerst {{study}}.',
  'job/no-source': '{{unrecognized}}; wählen Sie den Kontrast von mindestens einer.',
  'job/nothing-missing': 'Jeder Kontrast wurde in dieser Untersuchung aufgenommen; es fehlt nichts.',
  'job/no-target': 'Kein Ziel ist gewählt; haken Sie den Kontrast an, der synthetisiert werden soll.',

  'configuration/unknown-key': '„{{key}}“ ist kein bekannter Schlüssel; bekannt sind {{known}}',
  'configuration/invalid-key': '„{{key}}“: {{reason}}',
  'configuration/invalid': 'Die Konfiguration {{where}} ist falsch: {{reason}}.',

  'model-card/title': 'Zweckbestimmung und Grenzen von {{model}}',
  'model-card/not-for': 'Nicht für',
  'model-card/limitations': 'Grenzen',

  'level/green': 'Gut',
  'level/amber': 'Warnung',
  'level/red': 'Gesperrt',

  'result/how-made': 'Wie {{result}} entstanden ist',
  'result/reference-source': 'Quelle {{source}}, deren Schichten es hat',
  'result/source': 'Quelle {{source}}',
  'result/source-series': '{{count}} Bilder, Serie {{series}}',
  'result/alignment': 'Lage von {{source}}',
  'result/corrected': '{{millimetres}} mm und {{degrees}}° gefunden, korrigiert',
  'result/uncorrected': '{{millimetres}} mm und {{degrees}}° gefunden, belassen',
  'result/model': 'Modell',
  'result/region-model': '{{region}} gefunden durch',
  'result/computed-by': 'Berechnet durch',
  'result/software': 'Software',
  'result/list': 'Synthetische Serien',
  'result/name': 'Synthetisches {{target}}',
  'result/show-named': '{{result}} zeigen',
  'result/show': 'Zeigen',
  'result/compare-named': '{{result}} mit seiner Referenz vergleichen',
  'result/compare': 'Vergleichen',
  'result/accept': 'Annehmen',
  'result/accept-named': '{{result}} annehmen',
  'result/reject': 'Verwerfen',
  'result/reject-named': '{{result}} verwerfen',
  'result/download': 'Herunterladen',
  'result/download-named': '{{result}} herunterladen',
  'result/unsaved': 'Nur in diesem Fenster. Annehmen speichert es im PACS, Verwerfen entfernt es.',
  'result/storing-count': 'Wird gespeichert: {{done}} von {{of}} Bildern',
  'result/storing': 'Wird gespeichert',
  'result/partly-stored': '{{done}} von {{of}} Bildern sind im PACS.',
  'result/stored': 'Im PACS gespeichert: {{count}} Bilder, zurückgelesen.',
} satisfies Record<keyof typeof en, string>;
