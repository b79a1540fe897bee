import { messages } from '../../messages/Message';

/** What this method says, in English, by code. */
export const en = {
  'cdm-residual/images': 'Making the slices: step {{done}} of {{of}}',
} as const;

/** Makes a message of this catalog. */
export const message = messages<typeof en>();
