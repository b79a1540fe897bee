import type { en } from './en';

/** What this method says, in German, by code. */
export const de: Readonly<Record<keyof typeof en, string>> = {
  'cdm/tokens': 'Kodiert die Serien: Schritt {{done}} von {{of}}',
  'cdm/diffusion': 'Sagt {{target}} vorher: Schritt {{done}} von {{of}}',
  'cdm/images': 'Erzeugt die Schichten: Schritt {{done}} von {{of}}',
  'cdm/samples': 'gemittelte Ziehungen',
  'cdm/sampling': 'Ziehung',
  'cdm/sampling-value': '{{samples}} zu {{steps}} Schritten, Startwert {{seed}}',
  'cdm/steps-out-of-range':
    'Die Zahl der Diffusionsschritte muss zwischen 1 und {{most}} liegen, nicht {{steps}}.',
  'cdm/no-member': 'Der Auftrag verlangt Mitglied {{member}}, aber sein Bundle hat {{members}}.',
};
