import { messages } from '../../messages/Message';

/** What this method says, in English, by code. */
export const en = {
  'cdm/tokens': 'Encoding the series: step {{done}} of {{of}}',
  'cdm/diffusion': 'Predicting {{target}}: step {{done}} of {{of}}',
  'cdm/images': 'Making the slices: step {{done}} of {{of}}',
  'cdm/samples': 'samples averaged',
  'cdm/sampling': 'Sampling',
  'cdm/sampling-value': '{{samples}} of {{steps}} steps, seed {{seed}}',
  'cdm/steps-out-of-range': 'The number of diffusion steps must lie between 1 and {{most}}, not {{steps}}.',
  'cdm/no-member': 'The job asks for member {{member}}, but its bundle has {{members}}; choose one of these.',
} as const;

/** Makes a message of this catalog. */
export const message = messages<typeof en>();
