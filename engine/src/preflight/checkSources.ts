import { roleLabel } from '../domains/Role';
import { isMessage, list, message } from '../messages';
import type { PreflightFacts } from './facts';
import { type Finding, findingOf } from './report';

/** Which series are the sources, and whether their geometry is usable. */
export function checkSources({ sources, reference }: PreflightFacts): Finding {
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
    troubles,
    message('preflight/sources-good', { sources: names, reference: roleLabel(reference) }),
  );
}
