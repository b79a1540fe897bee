import { isMessage, type Message } from '../messages';
import { english } from '../messages/english';

/** Data as a person reads it: every text in English. */
export type Read<T> = T extends Message
  ? string
  : T extends (infer Item)[]
    ? Read<Item>[]
    : T extends object
      ? { [Key in keyof T]: Read<T[Key]> }
      : T;

/** @param value plain data: objects and lists, no classes */
export function read<T>(value: T): Read<T> {
  return plain(value) as Read<T>;
}

function plain(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(plain);
  if (isMessage(value)) return english(value);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}
