import { identityOf, list, type Message, message, type Text } from './messages';

/** Why a synthesis stopped. Stable, for tests, logs and translations. */
export type SynthesisErrorCode =
  | 'configuration-invalid'
  | 'bundle-unreachable'
  | 'bundle-invalid'
  | 'bundle-corrupt'
  | 'source-unreadable'
  | 'geometry-unsupported'
  | 'no-overlap'
  | 'registration-failed'
  | 'no-region'
  | 'plan-invalid'
  | 'preflight-red'
  | 'preflight-amber'
  | 'provider-unavailable'
  | 'self-test-failed'
  | 'inference-failed'
  | 'server-failed'
  | 'output-unwritable'
  | 'record-invalid'
  | 'record-mismatch'
  | 'store-failed'
  | 'no-error-map'
  | 'busy'
  | 'cancelled';

/**
 * Error for users: `text` is one plain sentence that names the series or file and the remedy. `code` is for
 * programs, `message` and `cause` are for the log.
 */
export class SynthesisError extends Error {
  override readonly name = 'SynthesisError';
  readonly text: Message;

  /** @param text a string if only the command line shows it: English */
  constructor(
    readonly code: SynthesisErrorCode,
    text: Text,
    options?: { cause?: unknown },
  ) {
    super(typeof text === 'string' ? text : identityOf(text), options);
    this.text = typeof text === 'string' ? list([text]) : text;
  }
}

/** Error of a cancelled job. */
export function cancelled(): SynthesisError {
  return new SynthesisError('cancelled', message('job/cancelled'));
}

/** Throws the `cancelled` error when `signal` is aborted. */
export function throwIfCancelled(signal?: AbortSignal): void {
  if (signal?.aborted) throw cancelled();
}

/** Yields to the event loop. Not by a timer: it waits 4 ms, in a hidden page 1 s. */
export function nextTask(): Promise<void> {
  return new Promise(resolve => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

/**
 * Yields to the event loop, which may receive a cancel, then throws if `signal` is aborted. Called between
 * slabs, never inside a network run.
 */
export async function checkpoint(signal?: AbortSignal): Promise<void> {
  if (!signal) return;
  await nextTask();
  throwIfCancelled(signal);
}

/** Wraps an error in a SynthesisError unless it is one. */
export function asSynthesisError(thrown: unknown, code: SynthesisErrorCode, text: Text): SynthesisError {
  return thrown instanceof SynthesisError ? thrown : new SynthesisError(code, text, { cause: thrown });
}
