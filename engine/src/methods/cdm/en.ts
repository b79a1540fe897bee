import { messages } from '../../messages/Message';

/** What this method says, in English, by code. */
export const en = {
  'cdm/images': 'Making the slices: step {{done}} of {{of}}',
  'cdm/samples': 'Sampling what is left open: step {{done}} of {{of}}',
  'cdm/sample': 'Sample (0: the most likely image)',
  'cdm/seed': 'Seed',
  'cdm/too-long':
    'No sample can be made of a region of {{slices}} slices, at most {{most}}; choose sample 0.',
} as const;

/** Makes a message of this catalog. */
export const message = messages<typeof en>();
