import { identityOf, list, type Message, message, type Text } from './messages';

/** Every reason for which a synthesis can stop; stable, so that tests, logs and translations can rely on it. */
export type SynthesisErrorCode =
  | 'configuration-invalid'
  | 'bundle-unreachable'
  | 'bundle-invalid'
  | 'bundle-corrupt'
  | 'source-unreadable'
  | 'geometry-unsupported'
  | 'no-overlap'
  | 'registration-failed'
  | 'no-brain'
  | 'plan-invalid'
  | 'preflight-red'
  | 'preflight-amber'
  | 'provider-unavailable'
  | 'self-test-failed'
  | 'inference-failed'
  | 'output-unwritable'
  | 'record-invalid'
  | 'record-mismatch'
  | 'store-failed'
  | 'busy'
  | 'cancelled';

/**
 * An error that a radiologist may read: `text` is one plain sentence that names the series or file and what to do;
 * `code` is for programs, `message` and `cause` are for the log.
 */
export class SynthesisError extends Error {
  override readonly name = 'SynthesisError';
  readonly text: Message;

  /** @param text a string where nobody but the command line says it: English only */
  constructor(
    readonly code: SynthesisErrorCode,
    text: Text,
    options?: { cause?: unknown },
  ) {
    super(typeof text === 'string' ? text : identityOf(text), options);
    this.text = typeof text === 'string' ? list([text]) : text;
  }
}

/** What a cancelled job ends with. */
export function cancelled(): SynthesisError {
  return new SynthesisError('cancelled', message('job/cancelled'));
}

/** Throws the `cancelled` error when `signal` is aborted. */
export function throwIfCancelled(signal?: AbortSignal): void {
  if (signal?.aborted) throw cancelled();
}

/**
 * Lets waiting messages in, a cancel among them, then throws when `signal` is aborted. Called between slabs, never
 * inside a network run. A message channel because timers are clamped to 4 ms.
 */
export async function checkpoint(signal?: AbortSignal): Promise<void> {
  if (!signal) return;
  await new Promise<void>(resolve => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
  throwIfCancelled(signal);
}

/** Wraps whatever was thrown into a SynthesisError, keeping one that is already ours. */
export function asSynthesisError(thrown: unknown, code: SynthesisErrorCode, text: Text): SynthesisError {
  return thrown instanceof SynthesisError ? thrown : new SynthesisError(code, text, { cause: thrown });
}
