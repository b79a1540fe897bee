import type { Domain } from '../domains/Domain';
import { roleLabel } from '../domains/Role';
import { decimal, isMessage, list, message } from '../messages';
import type { PreflightFacts } from './facts';
import { type Finding, findingOf } from './report';

/** Whether the sources are aligned with the reference. */
export function checkAlignment(
  { pixels, reference, sources }: PreflightFacts,
  { registration: { largeMotion }, words }: Domain,
): Finding | null {
  if (!pixels) return null;
  const found = pixels.alignment;
  if (isMessage(found)) {
    return { level: 'red', text: found };
  }
  const name = roleLabel(reference);
  if (sources.length < 2) return { level: 'green', text: message('preflight/alignment-one-source') };
  const findings = [...found].map(([role, { verdict, millimetres, degrees, doubtful }]): Finding => {
    const source = roleLabel(role);
    if (doubtful) {
      return {
        level: 'amber',
        text: words.doubtful({ source, reference: name }),
        remedy: words.doubtfulRemedy,
      };
    }
    const motion = message('registration/found', {
      millimetres: decimal(millimetres, 1),
      degrees: decimal(degrees, 1),
    });
    const far = millimetres > largeMotion.millimetres || degrees > largeMotion.degrees;
    if (verdict === 'aligned')
      return {
        level: 'green',
        text: message('preflight/alignment-good', { source, reference: name, motion }),
      };
    const text = message('preflight/alignment-moved', { source, reference: name, motion });
    const remedy = message('preflight/alignment-much-remedy');
    return far ? { level: 'amber', text, remedy } : { level: 'green', text };
  });
  return findingOf(
    findings.filter(t => t.level !== 'green'),
    list(findings.map(t => t.text)),
  );
}
