import { ccdm } from './ccdm/ccdm';
import { cdm } from './cdm/cdm';
import { cmdm } from './cmdm/cmdm';
import type { Method } from './Method';

/** Every method there is: one line each. */
export const METHODS: readonly Method[] = [cdm, ccdm, cmdm];

/** What a person may set of any of these methods. */
export function settingsOf(methods: readonly Method[]): Method['settings'] {
  return Object.assign({}, ...methods.map(({ settings }) => settings));
}
