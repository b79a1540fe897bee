import type { SeriesAttributes } from '../../../dicom/seriesAttributes';
import { LESS } from './lowDose';
import { find, namesOf } from './names';

/** Of the usual dose, mmol a kg; of agents whose relaxivity is twice that of others half of it. */
const USUAL = 0.1;
const STRONG = /gadopiclenol|elucirem|vueway/i;

/** mmol a mL of agents that are known; nothing is told by the volume of another. */
const CONCENTRATIONS: readonly (readonly [RegExp, number])[] = [
  [/gadobutrol|gadovist|gadavist/i, 1],
  [
    /gadoter|gadopent|gadoteridol|gadobenat|gadodiamid|gadopiclenol|dotarem|clariscan|magnevist|prohance|multihance|omniscan|elucirem|vueway/i,
    0.5,
  ],
];

/** Per cent of the usual dose that are believed of a smaller one. */
const LEAST = 5;
const MOST = 95;

/**
 * Which dose of the agent a series after a smaller one had, in per cent of the usual one, by its name, else
 * by volume, agent and weight; undefined where nothing tells it.
 */
export function doseOf(attributes: SeriesAttributes): number | undefined {
  const percent = namedDose(attributes) ?? givenDose(attributes);
  return percent !== undefined && percent >= LEAST && percent <= MOST ? Math.round(percent) : undefined;
}

function namedDose(attributes: SeriesAttributes): number | undefined {
  const words = find(namesOf(attributes), LESS)?.words ?? '';
  const [, part, decimals, percent] =
    /(?<!\d)(?:1 ([2-9])|0 (\d{1,3})|(\d{2}))(?!\d)/.exec(words) ?? ([] as string[]);
  if (part) return 100 / Number(part);
  if (decimals) return 100 * Number(`0.${decimals}`);
  if (percent) return Number(percent);
  if (/half|halb|demi|mezza|meia|media/.test(words)) return 50;
  if (/quart|viertel/.test(words)) return 25;
  return /tenth/.test(words) ? 10 : undefined;
}

function givenDose({
  ContrastBolusAgent: agent = '',
  ContrastBolusVolume,
  ContrastBolusTotalDose,
  PatientWeight: weight,
}: SeriesAttributes): number | undefined {
  const millilitres = ContrastBolusTotalDose || ContrastBolusVolume;
  const concentration = CONCENTRATIONS.find(([name]) => name.test(agent))?.[1];
  if (!millilitres || !weight || !concentration) return undefined;
  const usual = STRONG.test(agent) ? USUAL / 2 : USUAL;
  return (100 * millilitres * concentration) / (usual * weight);
}
