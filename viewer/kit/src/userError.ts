/** An error with a message for the user; the cause is for the log. */
export class UserError extends Error {
  override readonly name = 'UserError';
}

/** Text to print for an error: the message of a UserError, all details of a bug. */
export function describeError(error: unknown): string {
  if (error instanceof UserError) {
    return error.cause instanceof Error
      ? `${error.message}\n  (${error.cause.message.trim()})`
      : error.message;
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
