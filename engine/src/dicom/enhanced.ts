import { type Dataset, items } from './Dataset';

/**
 * An instance with the attributes of its functional groups beside its own: the shared ones and the first frame's
 * (PS3.3 C.7.6.16). A classic image is returned as it is.
 */
export function withFunctionalGroups(instance: Dataset): Dataset {
  const groups = [
    items(instance.SharedFunctionalGroupsSequence)[0],
    items(instance.PerFrameFunctionalGroupsSequence)[0],
  ];
  const macros = groups.flatMap(group => Object.values(group ?? {}).map(macro => items(macro)[0]));
  return macros.length ? Object.assign({}, instance, ...macros) : instance;
}

/** What classic images write in ScanningSequence, from the MR Pulse Sequence module (PS3.3 C.8.13.4). */
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

/** Likewise SequenceVariant, as far as steady state and spoiling. */
export function sequenceVariant(instance: Dataset): string[] | undefined {
  const [steady, spoiled] = [first(instance.SteadyStatePulseSequence), first(instance.Spoiling)];
  if (steady === undefined && spoiled === undefined) return undefined;
  return [
    ...((steady ?? 'NONE') === 'NONE' ? [] : ['SS']),
    ...((spoiled ?? 'NONE') === 'NONE' ? [] : ['SP']),
  ];
}

/** Enhanced Contrast/Bolus module, PS3.3 C.7.6.4b; the usage of a frame may say that nothing was given yet. */
export function contrastAgent(instance: Dataset): string | undefined {
  const [usage] = items(instance.ContrastBolusUsageSequence);
  if (first(usage?.ContrastBolusAgentAdministered) === 'NO') return undefined;
  return first(items(instance.ContrastBolusAgentSequence)[0]?.CodeMeaning);
}

/** Frame Anatomy macro, PS3.3 C.7.6.16.2.8. */
export function anatomicRegion(instance: Dataset): string | undefined {
  return first(items(instance.AnatomicRegionSequence)[0]?.CodeMeaning);
}

function first(value: unknown): string | undefined {
  const one = Array.isArray(value) ? value[0] : value;
  return typeof one === 'string' ? one : undefined;
}
