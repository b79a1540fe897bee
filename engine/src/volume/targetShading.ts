import type { Mask } from './Mask';
import { clip } from './normalize';
import { type Shading, withShading } from './shading';
import type { Volume } from './Volume';

/** What an image that was not acquired has of the shading of its partner, an image of the same coil. */
export interface TargetShading {
  /** The partner. */
  like: string;
  /** Share of the logarithm of the partner's shading. */
  share: number;
  /** The scanner's zero, in intensity. */
  no_signal: number;
}

/** An image whose shading was removed, or was not looked at. */
export interface Unshaded extends Volume {
  shading?: Shading;
}

/**
 * Puts back the shading that an image most likely would have.
 * @param image made without shading, 0 outside the region
 * @param rule of this image; without one, or where its partner is not there, the image stays as it is
 * @param sources what it was made from
 * @returns intensity in [0, ceiling], 0 outside the region
 */
export function withTargetShading(
  image: Volume,
  region: Mask,
  rule: TargetShading | undefined,
  sources: ReadonlyMap<string, Unshaded>,
  ceiling: number,
): Volume {
  const partner = rule && sources.get(rule.like)?.shading;
  if (!partner) return image;
  const coefficients = partner.coefficients.map(c => rule.share * c);
  const shaded = withShading(image, region, { ...partner, coefficients }, -rule.no_signal);
  return { ...image, data: shaded.data.map(v => clip(v, ceiling)) };
}
