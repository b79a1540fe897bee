import { messages } from '../../messages/Message';

/** What this method says, in English, by code. */
export const en = {
  'ccdm/images': 'Making the slices: step {{done}} of {{of}}',
  'ccdm/given-dose': 'Dose of the low-dose series, of the full dose',
  'ccdm/dose': 'Simulated dose that the result shows',
  'ccdm/less-than-given':
    'The result would show {{dose}} % of the full dose, less than the {{given}} % that the low-dose series had.',
  'ccdm/sample': 'Sample (0: the most likely image)',
  'ccdm/simulated': 'Learned from',
  'ccdm/simulated-dose': 'simulated doses',
  'ccdm/needs':
    'This model makes {{target}} of {{first}} and {{second}} and nothing else; choose both as sources.',
} as const;

/** Makes a message of this catalog. */
export const message = messages<typeof en>();
