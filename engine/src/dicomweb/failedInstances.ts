const FAILED_SOP_SEQUENCE = '00081198';
const OTHER_FAILURES_SEQUENCE = '0008119A';
const FAILURE_REASON = '00081197';

/** FailureReason of an instance that the archive already has: no failure for us. */
const DUPLICATE = 0x0111;

type Item = Record<string, { Value?: unknown[] } | undefined>;

/**
 * FailureReason of each failed instance in a STOW-RS response (PS3.18 10.5.3.3), DICOM JSON or XML; 0 where
 * the response gives no reason. Empty for any other body.
 */
export function failedInstances(body: string): number[] {
  const text = body.trim();
  return text.startsWith('<') ? fromXml(text) : fromJson(text);
}

/** As `failedInstances`, without those that the archive already has. */
export function refusedInstances(body: string): number[] {
  return failedInstances(body).filter(reason => reason !== DUPLICATE);
}

function fromJson(text: string): number[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return [];
  }
  const datasets = (Array.isArray(parsed) ? parsed : [parsed]) as Item[];
  return datasets
    .flatMap(d => [FAILED_SOP_SEQUENCE, OTHER_FAILURES_SEQUENCE].flatMap(tag => d?.[tag]?.Value ?? []))
    .map(item => Number((item as Item)?.[FAILURE_REASON]?.Value?.[0] ?? 0));
}

/** No other sequence of this response has FailureReason, so that nesting can be ignored. */
function fromXml(text: string): number[] {
  const reasons = [
    ...text.matchAll(new RegExp(`tag="${FAILURE_REASON}"[^>]*>\\s*<Value[^>]*>\\s*(\\d+)`, 'g')),
  ];
  if (reasons.length) return reasons.map(([, reason]) => Number(reason));
  return new RegExp(`tag="${FAILED_SOP_SEQUENCE}"[^>]*>\\s*<Item`).test(text) ? [0] : [];
}
