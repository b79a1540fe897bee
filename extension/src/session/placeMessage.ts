import type { Message } from '@modality-synthesis/engine';
import { message } from '../i18n/message';
import type { SessionState } from './SessionState';

/** Where the networks of the next job run, and what leaves this machine for it. */
export function placeMessage(server: SessionState['server']): Message {
  return server && !server.here ? message('panel/leaves', { host: server.host }) : message('panel/stays');
}
