import { roleLabel } from '../domains/Role';
import { isMessage, list, message } from '../messages';
import type { PatientFacts, PreflightFacts } from './facts';
import { type Finding, findingOf } from './report';

/** Which series are the sources, whether their geometry is usable, and whether the study is one patient's. */
export function checkSources({ sources, patients, reference }: PreflightFacts): Finding {
  const troubles = sources.flatMap(({ role, description, confidence, grid }): Finding[] => {
    const name = roleLabel(role);
    if (isMessage(grid)) {
      return [{ level: 'red', text: grid, remedy: message('preflight/choose-another', { source: name }) }];
    }
    if (confidence !== 'low') return [];
    const text = message('preflight/sources-uncertain', { series: description, role: name });
    return [{ level: 'amber', text, remedy: message('preflight/sources-uncertain-remedy') }];
  });
  const names = list(
    sources.map(s => message('preflight/source', { role: roleLabel(s.role), series: s.description })),
    ', ',
  );
  return findingOf(
    [...differentPatients(patients), ...troubles],
    message('preflight/sources-good', { sources: names, reference: roleLabel(reference) }),
  );
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
