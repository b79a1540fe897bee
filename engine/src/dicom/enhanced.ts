import { anyNumbers, type Dataset, items } from './Dataset';

/**
 * Adds the attributes of the shared and the first frame's functional groups to an instance (PS3.3 C.7.6.16).
 * Returns a classic image unchanged.
 */
export function withFunctionalGroups(instance: Dataset): Dataset {
  const groups = [
    items(instance.SharedFunctionalGroupsSequence)[0],
    items(instance.PerFrameFunctionalGroupsSequence)[0],
  ];
  const macros = groups.flatMap(group => Object.values(group ?? {}).map(macro => items(macro)[0]));
  return macros.length ? Object.assign({}, instance, ...macros) : instance;
}

/** ScanningSequence of classic images, from the MR Pulse Sequence module (PS3.3 C.8.13.4). */
export function scanningSequence(instance: Dataset): string[] | undefined {
  const echo = first(instance.EchoPulseSequence);
  if (echo === undefined) return undefined;
  return [
    ...(echo === 'GRADIENT' ? [] : ['SE']),
    ...(echo === 'SPIN' ? [] : ['GR']),
    ...(first(instance.InversionRecovery) === 'YES' ? ['IR'] : []),
    ...(first(instance.EchoPlanarPulseSequence) === 'YES' ? ['EP'] : []),
  ];
}

/** SequenceVariant likewise: steady state and spoiling. */
export function sequenceVariant(instance: Dataset): string[] | undefined {
  const [steady, spoiled] = [first(instance.SteadyStatePulseSequence), first(instance.Spoiling)];
  if (steady === undefined && spoiled === undefined) return undefined;
  return [
    ...((steady ?? 'NONE') === 'NONE' ? [] : ['SS']),
    ...((spoiled ?? 'NONE') === 'NONE' ? [] : ['SP']),
  ];
}

/** Enhanced Contrast/Bolus module, PS3.3 C.7.6.4b. A frame may be from before the injection. */
export function contrastAgent(instance: Dataset): string | undefined {
  const [usage] = items(instance.ContrastBolusUsageSequence);
  if (first(usage?.ContrastBolusAgentAdministered) === 'NO') return undefined;
  return first(items(instance.ContrastBolusAgentSequence)[0]?.CodeMeaning);
}

/** Contrast/Bolus Administration Profile of the first agent likewise: mL, mL a second, seconds. */
export function contrastProfile(instance: Dataset): {
  volume?: number;
  rates: number[] | null;
  durations: number[] | null;
} {
  const [agent] = items(instance.ContrastBolusAgentSequence);
  const profile = items(agent?.ContrastBolusAdministrationProfileSequence);
  const all = (name: string) => anyNumbers(profile.map(part => part[name]));
  return {
    volume: all('ContrastBolusVolume')?.reduce((sum, v) => sum + v, 0),
    rates: all('ContrastFlowRate'),
    durations: all('ContrastFlowDuration'),
  };
}

/** Frame Anatomy macro, PS3.3 C.7.6.16.2.8. */
export function anatomicRegion(instance: Dataset): string | undefined {
  return first(items(instance.AnatomicRegionSequence)[0]?.CodeMeaning);
}

function first(value: unknown): string | undefined {
  const one = Array.isArray(value) ? value[0] : value;
  return typeof one === 'string' ? one : undefined;
}
