import type { Derivation, RegistrationRecord } from './dicom/record';
import { domainOf } from './domains';
import { type RoleId, roleLabel } from './domains/Role';
import { type Decimal, decimal, type Message, message, type Text } from './messages';
import { PROGRESS_TOTAL, type Progress } from './progress';
import type { ErrorUnit } from './volume/ErrorMap';

/** Current stage of a job. */
export function progressMessage(progress: Progress): Message {
  switch (progress.stage) {
    case 'read':
      return message('progress/read', { done: progress.done, of: progress.of });
    case 'register':
      return message('progress/register', { done: progress.done, of: progress.of });
    case 'download':
      return message('progress/download', { done: megabytes(progress.done), of: megabytes(progress.of) });
    case 'check':
      return message('progress/check', { done: progress.done, of: progress.of });
    case 'prepare':
      return message('progress/prepare', { done: progress.done, of: progress.of });
    case 'region':
    case 'method':
      return progress.text;
    case 'finish':
      return message('progress/finish');
  }
}

/** "about 20 s left"; null if it is too early for an estimate. */
export function timeLeftMessage({ completed }: Progress, elapsedMs: number): Message | null {
  const fraction = completed / PROGRESS_TOTAL;
  if (fraction < 0.1 || elapsedMs < 2000) return null;
  const seconds = (elapsedMs / 1000) * (1 / fraction - 1);
  if (seconds < 1) return message('progress/almost-done');
  return seconds < 90
    ? message('progress/seconds-left', { seconds: Math.ceil(seconds / 5) * 5 })
    : message('progress/minutes-left', { minutes: Math.ceil(seconds / 60) });
}

/** "T2 moved 3.1 mm, 1.2 degrees; registered onto T1", or that it was aligned. */
export function alignmentMessage(
  { role, millimetres, degrees, transform }: RegistrationRecord,
  reference: RoleId,
): Message {
  const [source, onto] = [roleLabel(role), roleLabel(reference)];
  const motion = message('registration/motion', {
    millimetres: decimal(millimetres, 1),
    degrees: decimal(degrees, 1),
  });
  return transform
    ? message('registration/moved', { source, motion, reference: onto })
    : message('registration/aligned', { source, reference: onto, motion });
}

/** "% of the white-matter signal": what the numbers of an error map are. */
export function errorUnitMessage(unit: ErrorUnit): Message {
  return unit === 'white-matter' ? message('error-map/white-matter') : message('error-map/range');
}

/** Disclaimers to show with a synthetic image; a string is the bundle's own, in English. */
export function disclaimers({
  domain,
  target,
  caution,
  parameters,
  slices,
  sources,
}: Pick<Derivation, 'domain' | 'target' | 'caution' | 'parameters' | 'slices'> & {
  sources: readonly { role: RoleId }[];
}): Text[] {
  const sample = parameters?.sample ?? 0;
  return [
    message('caution/predicted'),
    ...(slices ? [message('caution/some-slices', slices)] : []),
    ...(sample > 0 ? [message('caution/sample', { number: sample })] : []),
    ...domainOf(domain).cautions(
      target,
      sources.map(({ role }) => role),
    ),
    ...(caution ? [caution] : []),
  ];
}

function megabytes(bytes: number): Decimal {
  return decimal(bytes / 1e6, 1);
}
