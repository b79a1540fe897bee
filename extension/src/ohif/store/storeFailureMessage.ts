import { list, type Message, type StoreFailure, type Text } from '@modality-synthesis/engine';
import { message } from '../../i18n/message';

/** What happened and what to do: two clauses without a full stop. */
export function storeFailureMessage({ kind, reasons: given }: StoreFailure): Message {
  const listed = given.length
    ? message('storage/reasons', { reasons: list(given.map(reasonText), ', ') })
    : '';
  switch (kind) {
    case 'timeout':
      return message('storage/timeout');
    case 'connection':
      return message('storage/unreachable');
    case 'refused':
      return message('storage/refused', { reasons: listed });
    case 'not-listed':
      return message('storage/not-listed');
    case 'no-store':
      return message('storage/cannot-store');
    case 401:
      return message('storage/login');
    case 403:
      return message('storage/forbidden');
    case 404:
    case 405:
    case 501:
      return message('storage/takes-no-images', { status: kind });
    case 409:
      return message('storage/conflict', { reasons: listed });
    case 413:
      return message('storage/too-large');
  }
  if (kind >= 500) return message('storage/server-error', { status: kind });
  return message('storage/http-error', { status: kind });
}

/** FailureReason (PS3.4 table B.2-1 and PS3.7 annex C) as text; an unknown one as its number. */
function reasonText(reason: number): Text {
  const code = `0x${reason.toString(16).toUpperCase().padStart(4, '0')}`;
  if (reason >> 8 === 0xa7) return message('storage/out-of-resources', { code });
  if (reason >> 8 === 0xa9) return message('storage/sop-class-mismatch', { code });
  if (reason >> 12 === 0xc) return message('storage/not-understood', { code });
  if (reason === 0x0110) return message('storage/processing-failure', { code });
  if (reason === 0x0122) return message('storage/class-unsupported', { code });
  if (reason === 0x0124) return message('storage/not-authorized', { code });
  return code;
}
