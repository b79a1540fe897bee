import { type RoleId, roleLabel } from '../domains/Role';
import { isMessage, list, type Message, message, type Text } from '../messages';
import type { PatientFacts, PreflightFacts, RivalFacts } from './facts';
import { type Finding, findingOf } from './report';

/** Which series are the sources, whether their geometry is usable, and whether the study is one patient's. */
export function checkSources(facts: PreflightFacts): Finding {
  const { sources, patients, parts = 1, dates = [], single = false, rivals, reference, pixels } = facts;
  if (single && patients.length === 0) return singleImages(parts);
  const troubles = sources.flatMap(({ role, description, confidence, grid }): Finding[] => {
    const name = roleLabel(role);
    if (isMessage(grid)) {
      return [{ level: 'red', text: grid, remedy: message('preflight/choose-another', { source: name }) }];
    }
    const kind = pixels?.read?.get(role)?.otherKind;
    if (kind) return [otherKind(description, kind)];
    if (confidence !== 'low') return [];
    const text = message('preflight/sources-uncertain', { series: description, role: name });
    return [{ level: 'amber', text, remedy: message('preflight/sources-uncertain-remedy') }];
  });
  const names = list(
    sources.map(s => message('preflight/source', { role: roleLabel(s.role), series: s.description })),
    ', ',
  );
  const finding = findingOf(
    [
      ...differentPatients(patients),
      ...splitInto(parts),
      ...differentDates(dates),
      ...troubles,
      ...rivals.map(undecided),
    ],
    message('preflight/sources-good', { sources: names, reference: roleLabel(reference) }),
  );
  const corrected = sources.flatMap(({ role, description }) => {
    const offset = pixels?.read?.get(role)?.offset;
    return offset ? [message('preflight/offset', { series: description, offset })] : [];
  });
  return corrected.length > 0 ? { ...finding, text: list([finding.text, ...corrected]) } : finding;
}

function splitInto(count: number): Finding[] {
  if (count < 2) return [];
  const text = message('preflight/split-study', { count });
  return [{ level: 'amber', text, remedy: message('preflight/split-study-remedy') }];
}

function differentDates([date, other]: readonly string[]): Finding[] {
  if (!other) return [];
  const text = message('preflight/two-dates', { date, other });
  return [{ level: 'amber', text, remedy: message('preflight/two-dates-remedy') }];
}

/** An anonymizer may have given every image a StudyInstanceUID of its own. */
function singleImages(parts: number): Finding {
  const text = message('preflight/single-images');
  const [split] = splitInto(parts);
  return { ...(split ?? { text, remedy: message('preflight/single-images-remedy') }), level: 'red' };
}

function otherKind(series: Text, kind: Message): Finding {
  const text = message('preflight/other-kind', { series, kind });
  return { level: 'amber', text, remedy: message('preflight/other-kind-remedy') };
}

/** Named in a sentence. */
const MOST_NAMED = 3;

function undecided({ role, missing, series }: RivalFacts): Finding {
  return {
    level: 'amber',
    text: rivalryMessage(role, missing, series),
    remedy: message('preflight/sources-uncertain-remedy'),
  };
}

/** That each of these series may have the role: which is missing, or else has the first as its source. */
export function rivalryMessage(role: RoleId, missing: boolean, series: readonly Text[]): Message {
  const named = series.slice(0, MOST_NAMED).map(text => message('preflight/series', { series: text }));
  const params = { role: roleLabel(role), series: list(named, ', '), count: series.length };
  return missing ? message('preflight/maybe-missing', params) : message('preflight/rivals', params);
}

function differentPatients([one, other]: readonly PatientFacts[]): Finding[] {
  if (!other) return [];
  const { series, patient } = one;
  const text = message('preflight/two-patients', {
    series,
    patient,
    other: other.series,
    otherPatient: other.patient,
  });
  return [{ level: 'red', text, remedy: message('preflight/two-patients-remedy') }];
}
