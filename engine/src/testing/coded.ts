import { identityOf, isMessage, type Message } from '../messages';

/** Data in which the identity of every message stands for it. */
export type Coded<T> = T extends Message
  ? string
  : T extends (infer Item)[]
    ? Coded<Item>[]
    : T extends object
      ? { [Key in keyof T]: Coded<T[Key]> }
      : T;

/**
 * What tests compare of messages: their codes and values, in no language.
 * @param value a message, or plain data with messages in it: objects and lists, no classes
 */
export function coded<T>(value: T): Coded<T> {
  return plain(value) as Coded<T>;
}

function plain(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(plain);
  if (isMessage(value)) return identityOf(value);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}
