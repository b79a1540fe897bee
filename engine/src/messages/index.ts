import type { en } from './en';
import { messages } from './Message';

export { en } from './en';
export {
  type CodeOf,
  type Decimal,
  decimal,
  identityOf,
  isMessage,
  list,
  type Message,
  messages,
  type Param,
  type ParamsOf,
  type Text,
} from './Message';
export { type Language, render } from './render';

/** Makes a message of the engine's catalog. */
export const message = messages<typeof en>();
