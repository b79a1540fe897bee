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

/**
 * @param value plain data: objects and lists, no classes
 * @param words what a message is read as; default: its English
 */
export function read<T>(value: T, words: (message: Message) => string = english): Read<T> {
  return plain(value, words) as Read<T>;
}

function plain(value: unknown, words: (message: Message) => string): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(inner => plain(inner, words));
  if (isMessage(value)) return words(value);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner, words)]));
}
