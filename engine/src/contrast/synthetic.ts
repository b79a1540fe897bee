import type { SeriesAttributes } from './SeriesAttributes';

/**
 * A series is synthetic when its own tags say so, whoever wrote them: SyntheticData, a Synthesizing Equipment, SYNTHETIC in
 * ImageType or at the start of SeriesDescription; the latter two are trusted in the cautious direction only.
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
