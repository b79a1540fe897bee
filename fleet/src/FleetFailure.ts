import { StoreFailure } from '@modality-synthesis/engine';

/** Why a study was not completed. The code is all that reaches the queue: it names nothing of a patient. */
export class FleetFailure extends Error {
  override readonly name = 'FleetFailure';

  /**
   * @param code lower-case words and digits, joined by hyphens
   * @param mayPass whether the same may succeed later
   */
  constructor(
    readonly code: string,
    readonly mayPass: boolean,
    options?: { cause?: unknown },
  ) {
    super(code, options);
  }
}

/** What was thrown, as a failure with a code. What nobody foresaw may pass: it is tried again. */
export function asFleetFailure(thrown: unknown): FleetFailure {
  if (thrown instanceof FleetFailure) return thrown;
  if (thrown instanceof StoreFailure) {
    return new FleetFailure(`pacs-${thrown.kind}`, thrown.transient, { cause: thrown });
  }
  return new FleetFailure('unexpected', true, { cause: thrown });
}
