import { messages } from '../../messages/Message';

/** What this method says, in English, by code. */
export const en = {
  'cmdm/images': 'Making the slices: step {{done}} of {{of}}',
  'cmdm/paths': 'Paths',
  'cmdm/refined': 'Texture',
  'cmdm/refined-value': 'the mean of {{paths}} random paths, in {{cascades}} cascades, seed {{seed}}',
  'cmdm/good-for': 'Good for',
  'cmdm/good-for-value': 'the look of an acquired image; fine texture is drawn, not measured',
  'cmdm/not-for': 'Not for',
  'cmdm/not-for-value':
    'doubt: what is missing in the smooth image that it starts from stays missing and looks certain; enhancement is predicted, not measured',
} as const;

/** Makes a message of this catalog. */
export const message = messages<typeof en>();
