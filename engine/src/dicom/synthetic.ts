import type { SeriesAttributes } from './seriesAttributes';

/**
 * Whether any software marked a series as synthetic: by SyntheticData, Synthesizing Equipment, or SYNTHETIC
 * in ImageType or at the start of SeriesDescription. The absence of the latter two proves nothing.
 */
export function isSynthetic(attributes: SeriesAttributes): boolean {
  const { SyntheticData, synthesizingEquipment, ImageType, SeriesDescription } = attributes;
  return (
    SyntheticData === 'YES' ||
    synthesizingEquipment === true ||
    (ImageType ?? []).includes('SYNTHETIC') ||
    /^[^a-z0-9]*synthetic(?![a-z0-9])/i.test(SeriesDescription ?? '')
  );
}
