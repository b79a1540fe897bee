/**
 * Why an image is not in the archive: the HTTP status, `timeout`, `connection` (no response), `refused` (the
 * response lists the image as failed, PS3.18 10.5.3), `not-listed` (accepted, but not found afterwards),
 * `no-store` (not sent).
 */
export type StoreFailureKind = number | 'timeout' | 'connection' | 'refused' | 'not-listed' | 'no-store';

/** One failed attempt. */
export class StoreFailure extends Error {
  override readonly name = 'StoreFailure';

  /** @param reasons FailureReason (0008,1197) of each image that the response lists as failed */
  constructor(
    readonly kind: StoreFailureKind,
    readonly reasons: readonly number[] = [],
  ) {
    super(`${kind}`);
  }

  /** Of the response, if there was one that failed. */
  get status(): number | undefined {
    return typeof this.kind === 'number' ? this.kind : undefined;
  }

  /** Whether the same request may succeed later. */
  get transient(): boolean {
    const { kind } = this;
    if (typeof kind === 'number') return kind === 408 || kind === 429 || kind >= 500;
    return kind === 'timeout' || kind === 'connection' || kind === 'not-listed';
  }
}
