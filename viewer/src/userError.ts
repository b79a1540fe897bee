/** An error whose message is one text for the person at the keyboard; the cause is for the log. */
export class UserError extends Error {
  override readonly name = 'UserError';
}

/** What to print for an error: the text alone where there is one, everything where there is a bug. */
export function describeError(error: unknown): string {
  if (error instanceof UserError) {
    return error.cause instanceof Error
      ? `${error.message}\n  (${error.cause.message.trim()})`
      : error.message;
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
