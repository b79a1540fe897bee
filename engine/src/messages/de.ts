import type { en } from './en';

/** What the engine says, in German, by code. */
export const de = {
  'job/cancelled': 'Die Synthese wurde abgebrochen; nichts wurde behalten.',
  'job/busy': 'Eine Synthese läuft schon; warten Sie auf sie oder brechen Sie sie ab.',
  'job/worker-failed':
    'Die Synthese ist stehen geblieben, weil ihr Worker versagt hat; versuchen Sie es erneut.',
  'job/failed': 'Die Synthese ist unerwartet fehlgeschlagen; nichts wurde behalten.',

  'progress/read': 'Liest Bild {{done}} von {{of}}',
  'progress/register': 'Misst, wie die Serien aufeinander liegen: Schritt {{done}} von {{of}}',
  'progress/download': 'Lädt das Modell: {{done}} von {{of}} MB',
  'progress/check': 'Prüft das Modell auf diesem Rechner: Netz {{done}} von {{of}}',
  'progress/prepare': 'Rechnet die Serien um und skaliert sie: Schritt {{done}} von {{of}}',
  'progress/finish': 'Schreibt die DICOM-Serie',
  'progress/almost-done': 'fast fertig',
  'progress/seconds-left': 'noch etwa {{seconds}} s',
  'progress/minutes-left': 'noch etwa {{minutes}} min',

  'registration/motion': '{{millimetres}} mm, {{degrees}} Grad',
  'registration/moved': '{{source}} war um {{motion}} bewegt; auf {{reference}} ausgerichtet',
  'registration/aligned': '{{source}} liegt bis auf {{motion}} auf {{reference}}',
  'registration/found': '{{millimetres}} mm und {{degrees}} Grad',
  'registration/failed':
    'Die Serie {{source}} konnte nicht auf die Serie {{reference}} ausgerichtet werden: {{reason}}; lassen Sie sie weg oder wählen Sie eine andere.',
  'registration/too-little-in-common': 'die beiden haben zu wenig gemeinsam',
  'registration/mirrored': 'die eine passt mit vertauschten Seiten besser auf die andere',
  'registration/less-alike':
    'nach der gefundenen Bewegung ({{motion}}) ähneln sie einander weniger als vorher',
  'registration/implausible': 'die gefundene Bewegung ({{motion}}) ist nicht glaubhaft',
  'registration/no-overlap':
    'Die Serien {{source}} und {{reference}} überlappen räumlich nicht; wählen Sie Serien derselben Lage.',

  'caution/predicted': 'Vorhergesagt, nicht gemessen.',

  'bundle/invalid':
    'Die Modellbeschreibung {{bundle}} ist bei „{{path}}“ nicht gültig: {{reason}}. Installieren Sie das Bundle neu oder fragen Sie, wer es bereitgestellt hat.',
  'bundle/corrupt':
    'Die Modelldatei {{file}} ist beschädigt oder wurde ausgetauscht: Ihre Größe oder SHA-256 weicht von bundle.json ab. Installieren Sie das Bundle neu.',
  'bundle/no-network':
    'Das Modell {{bundle}} hat kein Netz „{{network}}“: Es kennt diesen Kontrast nicht. Wählen Sie andere Quellen oder Ziele.',
  'bundle/unreachable':
    'Die Modelldatei {{file}} konnte nicht gelesen werden. Prüfen Sie die Adresse des Bundles in der Konfiguration und versuchen Sie es erneut.',
  'bundle/not-json':
    'Die Modellbeschreibung {{bundle}}bundle.json ist kein JSON. Prüfen Sie die Adresse des Bundles in der Konfiguration.',

  'recognition/reformat-alone': 'Das ist eine Rekonstruktion: {{evidence}}; ihr Original ist nicht hier.',

  'exclusion/reformat': 'Das ist eine Rekonstruktion: {{evidence}}, und „{{original}}“ wurde aufgenommen.',

  'confidence/high': 'hohe Sicherheit',
  'confidence/medium': 'mittlere Sicherheit',
  'confidence/low': 'geringe Sicherheit, bitte prüfen',

  'options/invalid':
    'Das Modell {{model}} kann mit diesen Einstellungen nicht laufen ({{path}}: {{reason}}).',
  'options/whole': 'insgesamt',
  'options/bad-parameter':
    'Das Modell {{model}} kann {{target}} nicht mit „{{name}}“ von {{value}} erzeugen.',

  'record/unreadable':
    'Die Aufzeichnung, wie dieses Bild entstand, kann nicht gelesen werden ({{path}}: {{reason}}); sie wurde geändert oder von einer anderen Version dieser Software geschrieben.',
  'record/whole': 'insgesamt',

  'provider/self-test-failed': 'Die GPU rechnet dieses Modell falsch ({{network}}).',
  'provider/runtime-unreachable':
    'Die Laufzeitumgebung der Netze konnte nicht von {{address}} geladen werden. Prüfen Sie, ob der Ordner public der Erweiterung ausgeliefert wird.',
  'provider/configured': 'Rechnet {{processor}}, wie eingestellt.',
  'provider/no-gpu': 'Keine brauchbare GPU gefunden: rechnet {{processor}}.',
  'provider/software-gpu': 'Nur eine Software-GPU gefunden: rechnet {{processor}}.',
  'provider/gpu-half': 'Rechnet auf der GPU (WebGPU, halbe Genauigkeit).',
  'provider/gpu-single': 'Rechnet auf der GPU (WebGPU, einfache Genauigkeit).',
  'provider/gpu-failed': 'Die GPU hat versagt.',
  'provider/fell-back': '{{reason}} Stattdessen {{processor}} gerechnet.',
  'provider/processor_one': 'auf dem Prozessor (WebAssembly, 1 Thread)',
  'provider/processor_other': 'auf dem Prozessor (WebAssembly, {{count}} Threads)',
  'provider/network-not-started': 'Das Netz {{network}} konnte auf {{provider}} nicht gestartet werden.',
  'provider/network-failed': 'Das Netz {{network}} hat beim Rechnen versagt.',

  'series/unusable-refused': 'Die Serie „{{series}}“ kann nicht verwendet werden: {{reason}}',
  'series/file-unreadable':
    'Das Bild {{file}} der Serie „{{series}}“ konnte nicht gelesen werden: {{reason}}.',
  'series/no-description': '(ohne Beschreibung)',
  'series/stack': '{{series}} ({{stack}})',
  'series/unusable': 'Die Serie „{{series}}“ kann nicht verwendet werden: {{reason}}.',
  'series/too-few-images_one': 'sie hat 1 Bild, nötig sind {{needed}}',
  'series/too-few-images_other': 'sie hat {{count}} Bilder, nötig sind {{needed}}',
  'series/attribute-in': '{{fault}} ({{images}})',
  'series/mixed-geometry': 'Größe, Abstand oder Orientierung weichen ab ({{images}})',
  'series/same-position': '{{images}} liegen an derselben Stelle',
  'series/uneven-spacing': 'ihre Schichten haben ungleiche Abstände (zwischen {{images}})',
  'series/slices-missing_one': 'zwischen {{images}} fehlt 1 Schicht',
  'series/slices-missing-first': 'es fehlen {{count}} Schichten, die erste zwischen {{images}}',
  'series/slices-missing_other': 'zwischen {{images}} fehlen {{count}} Schichten',
  'series/off-line': 'ImagePositionPatient liegt neben der Linie der anderen Schichten ({{images}})',
  'series/sheared':
    'ihre Schichten sind um {{degrees}} Grad geschert: Jede ist gegen die vorige seitlich verschoben',
  'series/too-long': 'ihre Schichten reichen über mehr als einen Meter',
  'series/too-large':
    'ihre {{dims}} Voxel sind {{millions}} Millionen, höchstens {{most}} Millionen sind möglich',

  'preflight/alignment-one-source': 'Eine Quelle: nichts auszurichten.',
  'preflight/alignment-good': '{{source}} liegt bis auf {{motion}} auf {{reference}}.',
  'preflight/alignment-moved': '{{source}} wurde um {{motion}} bewegt und so auf {{reference}} ausgerichtet.',
  'preflight/alignment-much-remedy':
    'Das ist viel für eine Sitzung: Vergleichen Sie die Serien, bevor das Ergebnis verwendet wird.',
  'preflight/cost': 'Etwa {{duration}}, etwa {{memory}} Arbeitsspeicher. {{provider}}',
  'preflight/cost-time-unknown':
    'Dauer vor dem ersten Lauf auf diesem Rechner unbekannt, etwa {{memory}} Arbeitsspeicher. {{provider}}',
  'preflight/cost-time-remedy': 'Wählen Sie weniger Ziele oder einen Rechner mit GPU.',
  'preflight/cost-memory': '{{cost}} Der Rechner hat {{memory}}.',
  'preflight/cost-memory-remedy':
    'Schließen Sie andere Programme oder wählen Sie weniger oder gröbere Serien.',
  'preflight/choose-another': 'Wählen Sie eine andere Serie als {{source}} oder keine.',
  'preflight/download-none': 'Das Modell ({{needed}}) liegt auf diesem Rechner: nichts herunterzuladen.',
  'preflight/download-some': '{{missing}} der {{needed}} des Modells müssen heruntergeladen werden.',
  'preflight/fit-unknown-role': 'Das Modell {{bundle}} kennt {{role}} nicht.',
  'preflight/fit-unknown-role-remedy':
    'Lassen Sie diesen Kontrast weg oder wählen Sie in der Konfiguration ein anderes Modell.',
  'preflight/fit-one-source': 'Es gibt eine Quelle, {{source}}; das Modell kann {{most}} verwenden.',
  'preflight/fit-one-source-remedy': 'Fügen Sie Quellen hinzu, wenn die Untersuchung welche hat.',
  'preflight/fit-outside-remedy':
    'Dieser Teil wird im Ergebnis schwarz; nehmen Sie eine andere Referenz, wenn eine gerader liegt.',
  'preflight/fit-good': '{{targets}} aus {{sources}}: {{bundle}} kennt sie.',
  'preflight/resolution-coarse': '{{source}} hat {{voxels}}.',
  'preflight/resolution-coarse-remedy':
    'Wählen Sie eine feinere Serie; kleinere Einzelheiten können nicht vorhergesagt werden.',
  'preflight/resolution-result': 'Das Ergebnis wird {{voxels}} haben.',
  'preflight/voxels': '{{inPlane}} mm große Pixel und {{between}} mm Schichtabstand',
  'preflight/sources-uncertain': 'Es ist nicht sicher, dass „{{series}}“ {{role}} ist.',
  'preflight/sources-uncertain-remedy':
    'Sehen Sie die Bilder an und wählen Sie den Kontrast der Serie selbst.',
  'preflight/two-patients':
    'Die Studie nennt zwei Patienten: „{{series}}“ ist von {{patient}}, „{{other}}“ von {{otherPatient}}.',
  'preflight/two-patients-remedy':
    'Die Studie im Archiv berichtigen lassen, bevor etwas aus ihr erzeugt wird.',
  'preflight/source': '{{role}} („{{series}}“)',
  'preflight/sources-good': '{{sources}}; das Ergebnis bekommt die Schichten von {{reference}}.',

  'face/right': 'rechte',
  'face/left': 'linke',
  'face/front': 'vordere',
  'face/back': 'hintere',
  'face/lower': 'untere',
  'face/upper': 'obere',

  'unit/seconds': '{{seconds}} s',
  'unit/minutes': '{{minutes}} min',
  'unit/gigabytes': '{{gigabytes}} GB',
  'unit/megabytes': '{{megabytes}} MB',

  'check/sources': 'Quellen und Rollen',
  'check/resolution': 'Auflösung',
  'check/alignment': 'Ausrichtung',
  'check/fit': 'Eignung für das Modell',
  'check/cost': 'Zeit und Speicher',
  'check/download': 'Herunterladen',

  'choice/images_one': 'diese hat nur ein Bild',
  'choice/images_other': 'diese hat nur {{count}} Bilder',
  'choice/less-certain': 'hier ist der Kontrast weniger sicher',
  'choice/slices-missing_one': 'hier fehlt eine Schicht',
  'choice/slices-missing_other': 'hier fehlen {{count}} Schichten',
  'choice/coverage':
    'diese deckt {{along}} mm von {{inPlane}} mm ab, die andere {{otherAlong}} mm von {{otherInPlane}} mm',
  'choice/coverage-unknown': 'ihre DICOM-Header sagen nicht, was sie abdeckt',
  'choice/voxels': 'ihre Voxel messen {{voxels}}, die der anderen {{otherVoxels}}',
  'choice/further-from-reference': 'ihre Schichten sind stärker gegen die der Referenz gekippt',
  'choice/comes-later': 'diese ist nicht besser und kommt später',
  'choice/size': '{{rows}} x {{columns}} x {{slices}} mm',
  'choice/by-person': 'Von Ihnen gewählt.',
  'choice/person-chose-other': 'Sie haben die andere gewählt',
  'choice/not-chosen': 'Nicht gewählt: „{{used}}“ wird als {{role}} verwendet; {{reason}}.',

  'attribute/functional-groups': 'PerFrameFunctionalGroupsSequence beschreibt nicht jeden der NumberOfFrames',
  'attribute/rows-columns': 'Rows oder Columns fehlt oder ist null',
  'attribute/colour': 'SamplesPerPixel sagt Farbe',
  'attribute/photometric': 'PhotometricInterpretation ist {{photometricInterpretation}}, nicht MONOCHROME2',
  'attribute/bits-allocated': 'BitsAllocated ist weder 8 noch 16',
  'attribute/bits-stored': 'BitsStored passt nicht zu BitsAllocated',
  'attribute/high-bit': 'HighBit ist nicht BitsStored - 1',
  'attribute/rescale-slope': 'RescaleSlope ist null',
  'attribute/no-position': 'ImagePositionPatient fehlt oder besteht nicht aus drei Zahlen',
  'attribute/position-far': 'ImagePositionPatient liegt mehr als 10 m entfernt',
  'attribute/no-orientation': 'ImageOrientationPatient fehlt oder besteht nicht aus sechs Zahlen',
  'attribute/orientation': 'ImageOrientationPatient besteht nicht aus zwei senkrechten Einheitsvektoren',
  'attribute/pixel-spacing': 'PixelSpacing fehlt oder besteht nicht aus zwei positiven Zahlen',
  'attribute/uid-too-long': '{{keyword}} ist länger als die 64 Zeichen einer UID',
  'attribute/wider-than-a-metre': 'PixelSpacing ergibt ein Bild breiter als ein Meter',
  'attribute/pixel-count': 'es hat {{pixels}} Pixel statt {{expected}}',

  'images/others_one': '1 weiteres',
  'images/others_other': '{{count}} weitere',
  'images/frame': 'Frame {{last}}',
  'images/frames': 'Frame {{others}} und {{last}}',
  'images/image': 'Bild {{last}}',
  'images/images': 'Bild {{others}} und {{last}}',
  'images/slice': 'Schicht {{last}}',
  'images/slices': 'Schicht {{others}} und {{last}}',

  'stack/stack': 'Stapel {{number}}',
  'stack/b-value': 'b {{bValue}}',
  'stack/inversion': 'Inversion {{number}}',
  'stack/time': 'Zeitpunkt {{number}}',
  'stack/image-type': 'Bildtyp {{number}}',
  'stack/acquisition': 'Aufnahme {{number}}',
  'stack/echo': 'Echo {{number}}',
  'stack/part': 'Teil {{number}}',

  'plane/none': 'ohne Ebene',
  'plane/axial': 'axial',
  'plane/coronal': 'koronar',
  'plane/sagittal': 'sagittal',
} satisfies Record<keyof typeof en, string>;
