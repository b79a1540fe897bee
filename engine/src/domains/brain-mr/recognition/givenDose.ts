import type { SeriesAttributes } from '../../../dicom/seriesAttributes';
import { decimal, type Message, type Param } from '../../../messages';
import type { Site } from '../../Domain';
import { message } from '../en';

/** Usual dose of an agent, mmol a kg; of agents whose relaxivity is twice that of others half of it. */
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

/** How much of the agent was given, by the headers. */
export interface Injection {
  /** What tells it, DICOM keywords. */
  told: string;
  millilitres: number;
}

/**
 * All that the headers tell of the amount, what is most reliable first: the undiluted agent, the bolus, its
 * flow (PS3.3 C.7.6.4).
 */
export function injections({
  ContrastBolusTotalDose,
  ContrastBolusVolume,
  ContrastFlowRate: rates = [],
  ContrastFlowDuration: durations = [],
}: SeriesAttributes): Injection[] {
  const flow =
    rates.length > 0 && rates.length === durations.length
      ? rates.reduce((sum, rate, n) => sum + rate * durations[n], 0)
      : undefined;
  const all = {
    ContrastBolusTotalDose,
    ContrastBolusVolume,
    'ContrastFlowRate x ContrastFlowDuration': flow,
  };
  return Object.entries(all).flatMap(([told, millilitres]) =>
    millilitres === undefined ? [] : [{ told, millilitres }],
  );
}

/** A dose in per cent of the full one, and what it was worked out with. */
export interface GivenDose {
  percent: number;
  agent: string;
  /** kg */
  weight: number;
  /** The full dose, mmol a kg. */
  full: number;
}

/** What an amount is of the site's full dose; undefined without the patient's weight or for another agent. */
export function doseOfAmount(
  millilitres: number,
  { ContrastBolusAgent: agent = '', PatientWeight: weight }: SeriesAttributes,
  { fullDose = USUAL }: Site = {},
): GivenDose | undefined {
  const concentration = CONCENTRATIONS.find(([name]) => name.test(agent))?.[1];
  if (!weight || !(weight > 0) || !concentration) return undefined;
  const full = STRONG.test(agent) ? fullDose / 2 : fullDose;
  return {
    percent: (100 * millilitres * concentration) / (full * weight),
    agent: agent.trim(),
    weight,
    full,
  };
}

/** "ContrastBolusVolume is 2 mL of Gadobutrol at 80 kg, where 0.1 mmol/kg are the full dose" */
export function amountMessage({ told, millilitres }: Injection, { agent, weight, full }: GivenDose): Message {
  return message('brain-mr/dose/amount', { told, millilitres: shown(millilitres), agent, weight, full });
}

/** A number for people. */
export function shown(n: number): Param {
  return Number.isInteger(n) ? n : decimal(n, 1);
}
