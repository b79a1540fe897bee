import { list, message } from '../messages';
import type { ParameterFacts, PreflightFacts } from './facts';
import { type Finding, findingOf } from './report';

/** Whether anything of a target can be told by headers, or contradicts itself. */
export function hasParameters({ parameters }: PreflightFacts): boolean {
  return parameters !== undefined && parameters.parameters.length + parameters.doubts.length > 0;
}

/** Whether the parameters of the targets are known: by headers that agree, or because a person set them. */
export function checkParameters({ parameters: facts }: PreflightFacts): Finding | null {
  if (!facts) return null;
  const { parameters, doubts } = facts;
  const unsure = parameters.filter(({ chosen, told }) => !chosen && told.doubtful);
  return findingOf(
    [...unsure.map(assumed), ...doubts.map((text): Finding => ({ level: 'amber', text }))],
    list(parameters.map(one => (one.chosen ? setBy(one) : one.told.text))),
  );
}

function assumed({ label, value, unit = '', told }: ParameterFacts): Finding {
  const text = list([told.text, message('preflight/parameter-assumed', { value, unit })]);
  return { level: 'amber', text, remedy: message('preflight/parameter-remedy', { label }) };
}

function setBy({ label, value, unit = '' }: ParameterFacts) {
  return message('preflight/parameter-chosen', { label, value, unit });
}
