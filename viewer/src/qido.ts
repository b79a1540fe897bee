/** QIDO-RS (PS3.18 10.6): the studies, series and instances that match a query. */
import type { DicomFile } from './dicomFile';
import { type DicomJson, type JsonElement, textOf } from './dicomJson';
import type { Series, Study } from './studyIndex';

/** Attributes of each level's responses, which are also its matching keys. */
const ATTRIBUTES = {
  study: {
    SpecificCharacterSet: '00080005',
    StudyDate: '00080020',
    StudyTime: '00080030',
    AccessionNumber: '00080050',
    ModalitiesInStudy: '00080061',
    ReferringPhysicianName: '00080090',
    StudyDescription: '00081030',
    PatientName: '00100010',
    PatientID: '00100020',
    PatientBirthDate: '00100030',
    PatientSex: '00100040',
    StudyInstanceUID: '0020000D',
    StudyID: '00200010',
    NumberOfStudyRelatedSeries: '00201206',
    NumberOfStudyRelatedInstances: '00201208',
  },
  series: {
    SpecificCharacterSet: '00080005',
    SeriesDate: '00080021',
    SeriesTime: '00080031',
    Modality: '00080060',
    SeriesDescription: '0008103E',
    BodyPartExamined: '00180015',
    StudyInstanceUID: '0020000D',
    SeriesInstanceUID: '0020000E',
    SeriesNumber: '00200011',
    NumberOfSeriesRelatedInstances: '00201209',
  },
  instance: {
    SpecificCharacterSet: '00080005',
    SOPClassUID: '00080016',
    SOPInstanceUID: '00080018',
    AvailableTransferSyntaxUID: '00083002',
    StudyInstanceUID: '0020000D',
    SeriesInstanceUID: '0020000E',
    InstanceNumber: '00200013',
    NumberOfFrames: '00280008',
    Rows: '00280010',
    Columns: '00280011',
    BitsAllocated: '00280100',
  },
} as const;

export type Level = keyof typeof ATTRIBUTES;
/** Decoded query parameters; a repeated name has several values. */
export type Query = Record<string, readonly string[]>;

/** QIDO-RS response for a study. */
export function describeStudy(study: Study): DicomJson {
  const modalities = new Set(
    study.series.map(series => textOf(series.files[0].metadata, '00080060')).filter(Boolean),
  );
  return {
    ...pick(study.series[0].files[0], 'study'),
    [ATTRIBUTES.study.ModalitiesInStudy]: { vr: 'CS', Value: [...modalities] },
    [ATTRIBUTES.study.NumberOfStudyRelatedSeries]: count(study.series.length),
    [ATTRIBUTES.study.NumberOfStudyRelatedInstances]: count(
      study.series.reduce((sum, series) => sum + series.files.length, 0),
    ),
  };
}

/** QIDO-RS response for a series. */
export function describeSeries(series: Series): DicomJson {
  return {
    ...pick(series.files[0], 'series'),
    [ATTRIBUTES.series.NumberOfSeriesRelatedInstances]: count(series.files.length),
  };
}

/** QIDO-RS response for an instance. */
export function describeInstance(file: DicomFile): DicomJson {
  return pick(file, 'instance');
}

/**
 * The matches within `offset` and `limit`. Ignores parameters that are no attributes of the level, such as
 * `includefield` and `fuzzymatching`: responses have all attributes, and matching is literal.
 */
export function search(answers: readonly DicomJson[], level: Level, query: Query): DicomJson[] {
  const filters: [tag: string, wanted: string[]][] = [];
  for (const [name, values] of Object.entries(query)) {
    const tag = tagOf(level, name);
    const wanted = values.filter(value => value !== '');
    if (tag && wanted.length) filters.push([tag, wanted]);
  }
  const found = answers.filter(answer =>
    filters.every(([tag, wanted]) => wanted.some(value => matches(answer[tag], value))),
  );
  const offset = wholeNumber(query.offset?.[0]) ?? 0;
  return found.slice(offset, offset + (wholeNumber(query.limit?.[0]) ?? found.length));
}

/**
 * Attribute matching of PS3.4 C.2.2.2: lists, wildcards, ranges of dates and times. A list has commas or, as
 * OHIF writes UIDs, backslashes. Wildcards, names and text ignore case.
 */
export function matches(element: JsonElement | undefined, wanted: string): boolean {
  const values = (element?.Value ?? []).map(value => {
    if (value === null) return '';
    return typeof value === 'object'
      ? 'Alphabetic' in value && typeof value.Alphabetic === 'string'
        ? value.Alphabetic
        : ''
      : String(value);
  });
  if (/^\*+$/.test(wanted)) return true;
  const vr = element?.vr ?? '';
  if ((vr === 'DA' || vr === 'TM') && wanted.includes('-')) {
    const [from = '', to = ''] = wanted.split('-');
    return values.some(value => value !== '' && (from === '' || value >= from) && (to === '' || value <= to));
  }
  const alternatives = vr === 'UI' || vr === 'CS' ? wanted.split(/[,\\]/) : [wanted];
  return alternatives.some(alternative => {
    const pattern = wildcardPattern(alternative);
    return values.some(value => pattern.test(value));
  });
}

function wildcardPattern(text: string): RegExp {
  const escaped = text
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${escaped}$`, 'iu');
}

function tagOf(level: Level, name: string): string | undefined {
  const table: Record<string, string> = ATTRIBUTES[level];
  const tag = name.toUpperCase();
  return table[name] ?? Object.values(table).find(candidate => candidate === tag);
}

function pick(file: DicomFile, level: Level): DicomJson {
  const answer: DicomJson = {};
  for (const tag of Object.values(ATTRIBUTES[level])) {
    const element = file.metadata[tag];
    if (element) answer[tag] = element;
  }
  return answer;
}

function count(value: number): JsonElement {
  return { vr: 'IS', Value: [value] };
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}
